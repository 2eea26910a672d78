// SPDX-License-Identifier: Apache-2.0
// The API as one OpenAPI 3.1 document, served at /api/openapi.json: the fragments of docs/api, one a slice, put together once at the
// start. Not here: whether the document is true (tests/house and tests/api hold routes and answers against it).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "http/site.h"

namespace app {

[[nodiscard]] std::span<const std::string_view> api_fragments();  // common.json first
// Throws std::runtime_error where a fragment is no JSON or two say the same path and method, or the same schema (start-up failure).
[[nodiscard]] std::string api_document(std::span<const std::string_view> fragments);
void add_api_document_route(http::Site& site);

}  // namespace app
