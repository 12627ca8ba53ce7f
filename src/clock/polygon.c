#include "clock/polygon.h"

#include <math.h>

/* Closer to an edge than this is on it [ns]. */
static const double TOUCH = 0.5;

void wu_polygon_box(struct wu_polygon *polygon, double v, double o)
{
    polygon->count = 4;
    polygon->vertex[0] = (struct wu_vertex){ -v, -o };
    polygon->vertex[1] = (struct wu_vertex){ v, -o };
    polygon->vertex[2] = (struct wu_vertex){ v, o };
    polygon->vertex[3] = (struct wu_vertex){ -v, o };
}

/* How far outside the half-plane a point lies [ns]; negative inside. */
static double excess(const struct wu_half_plane *half_plane, const struct wu_vertex *vertex)
{
    return half_plane->side * (vertex->o + vertex->v * half_plane->t) - half_plane->limit;
}

static struct wu_vertex
crossing(const struct wu_vertex *a, double excess_a, const struct wu_vertex *b, double excess_b)
{
    const double share = excess_a / (excess_a - excess_b);

    return (struct wu_vertex){ a->v + share * (b->v - a->v), a->o + share * (b->o - a->o) };
}

/* Sutherland and Hodgman's: walk round, keep what is inside, add where the edge is crossed. */
bool wu_polygon_clip(struct wu_polygon *polygon, const struct wu_half_plane *half_plane)
{
    struct wu_vertex kept[2 * WU_POLYGON_MAX];
    int count = 0;

    for (int i = 0; i < polygon->count; i++) {
        const struct wu_vertex *a = &polygon->vertex[i];
        const struct wu_vertex *b = &polygon->vertex[(i + 1) % polygon->count];
        const double excess_a = excess(half_plane, a);
        const double excess_b = excess(half_plane, b);

        if (excess_a <= 0)
            kept[count++] = *a;
        if ((excess_a < 0 && excess_b > 0) || (excess_a > 0 && excess_b < 0))
            kept[count++] = crossing(a, excess_a, b, excess_b);
    }

    if (count == 0)
        return false;
    if (count > WU_POLYGON_MAX)
        return true;

    for (int i = 0; i < count; i++)
        polygon->vertex[i] = kept[i];
    polygon->count = count;
    return true;
}

bool wu_polygon_touches(const struct wu_polygon *polygon, const struct wu_half_plane *half_plane)
{
    for (int i = 0; i < polygon->count; i++)
        if (fabs(excess(half_plane, &polygon->vertex[i])) <= TOUCH)
            return true;

    return false;
}

void wu_polygon_range(const struct wu_polygon *polygon, double t, double *least, double *greatest)
{
    *least = *greatest = polygon->vertex[0].o + polygon->vertex[0].v * t;

    for (int i = 1; i < polygon->count; i++) {
        const double offset = polygon->vertex[i].o + polygon->vertex[i].v * t;

        *least = offset < *least ? offset : *least;
        *greatest = offset > *greatest ? offset : *greatest;
    }
}
