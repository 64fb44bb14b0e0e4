/*
 * What an answer of GET /api/whoami-v2 means. Facts: huggingface_hub,
 * src/huggingface_hub/hf_api.py and utils/_http.py; the keys of the body,
 * huggingface/hf-mcp-server, packages/app/src/server/utils/hf-whoami-client.ts. Any
 * thread; cJSON keeps no state between calls.
 */
#ifndef VERIFY_WHOAMI_H
#define VERIFY_WHOAMI_H

#include "hfscan.h"
#include "verify/http.h"

#define WHOAMI_PATH "/api/whoami-v2"

/*
 * Fills live from the reply: live only on 200 with JSON that has a name, dead on 401,
 * anything else unknown with its reason. What stands in live already (of a token's own
 * text) stays where the reply does not say it.
 */
void whoami_read(struct live *live, const struct http_reply *reply);

#endif
