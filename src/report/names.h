/* What programs call things: the words of the formats, which change only with the schema. */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include "hfscan.h"

const char *verdict_name(enum verdict verdict);
const char *severity_name(enum severity severity);
const char *where_name(enum where where);
/* NULL for EXPOSURE_NONE. */
const char *exposure_name(enum exposure exposure);
/* NULL where nothing is known. */
const char *part_name(enum cell_part part);
const char *cell_type_name(enum cell_type cell_type);
const char *decoding_name(enum decoding decoding);

#endif
