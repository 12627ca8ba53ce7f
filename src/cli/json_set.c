#include "cli/json_set.h"

#include <math.h>

void wu_json_set_integer(json_t *object, const char *key, json_int_t value)
{
    json_object_set_new(object, key, json_integer(value));
}

void wu_json_set_number(json_t *object, const char *key, double value)
{
    json_object_set_new(object, key, isnan(value) ? json_null() : json_real(value));
}

void wu_json_set_text(json_t *object, const char *key, const char *value)
{
    json_object_set_new(object, key, *value ? json_string(value) : json_null());
}
