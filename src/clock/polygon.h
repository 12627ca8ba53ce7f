/*
 * A convex polygon in the plane (v, o): the rates and offsets that a clock may still have.
 *
 * v is the rate's deviation from nominal [1], o the offset [ns] at a reference instant. Whoever
 * cuts it only ever removes what is impossible, so the truth stays inside.
 */
#ifndef WU_CLOCK_POLYGON_H
#define WU_CLOCK_POLYGON_H

#include <stdbool.h>
#include <stdint.h>

enum { WU_POLYGON_MAX = 24 };

struct wu_vertex {
    double v; /* [1] */
    double o; /* [ns] */
};

/* Made of 8-byte members only: part of a model that is copied word by word. */
struct wu_polygon {
    int64_t count; /* [0..WU_POLYGON_MAX]; 0: nothing is possible */
    struct wu_vertex vertex[WU_POLYGON_MAX];
};

/* The half-plane side * (o + v * t) <= limit. */
struct wu_half_plane {
    double side;  /* +1 bounds from above, -1 from below */
    double t;     /* [ns] since the reference instant */
    double limit; /* [ns] */
};

/** Makes the rectangle |v| <= @p v, |o| <= @p o. */
void wu_polygon_box(struct wu_polygon *polygon, double v, double o);

/**
 * Cuts away what lies outside a half-plane. A cut that would need more than WU_POLYGON_MAX vertices
 * is left out: the polygon is then larger than it could be, and still true.
 *
 * @return false when nothing would be left; @p polygon is unchanged then
 */
bool wu_polygon_clip(struct wu_polygon *polygon, const struct wu_half_plane *half_plane);

/** Tells whether the half-plane's edge touches the polygon, that is, whether it matters. */
bool wu_polygon_touches(const struct wu_polygon *polygon, const struct wu_half_plane *half_plane);

/** Gives the least and the greatest o + v * t [ns] of a polygon that is not empty. */
void wu_polygon_range(const struct wu_polygon *polygon, double t, double *least, double *greatest);

#endif
