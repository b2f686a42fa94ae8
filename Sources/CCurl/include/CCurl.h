#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/* curl_easy_setopt takes its value as `...`, which Swift does not import: one function per type of value. */

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_bytes(CURL *easy, CURLoption option, const void *value);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
/* The write and the header callback share one signature. */
CURLcode ccurl_set_write(CURL *easy, CURLoption option, curl_write_callback value);
/* Called once connected, before the request is sent; `context` comes first. */
CURLcode ccurl_set_before_request(CURL *easy, curl_prereq_callback value, void *context);

/* curl_easy_getinfo writes through `...`: one function per type of figure; 0 or NULL where there is none. */

long ccurl_get_long(CURL *easy, CURLINFO info);
curl_off_t ccurl_get_offset(CURL *easy, CURLINFO info);
void *ccurl_get_pointer(CURL *easy, CURLINFO info);

/* curl_multi_setopt, likewise. */

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

#endif
