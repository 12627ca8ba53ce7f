/*
 * Members of JSON objects, one kind a function. Without memory the member is left out.
 */
#ifndef WU_CLI_JSON_SET_H
#define WU_CLI_JSON_SET_H

#include <jansson.h>

void wu_json_set_integer(json_t *object, const char *key, json_int_t value);
/** Sets a number; null for NAN. */
void wu_json_set_number(json_t *object, const char *key, double value);
/** Sets a text in UTF-8; null for an empty one. */
void wu_json_set_text(json_t *object, const char *key, const char *value);

#endif
