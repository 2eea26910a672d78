// SPDX-License-Identifier: Apache-2.0
// See api_document.h.
#include "app/api_document.h"

#include <stdexcept>

#include "base/json.h"

namespace app {
namespace {

using boost::json::object;

object parse_fragment(std::string_view text) {
  auto value = base::json::parse(text, {.bytes = std::size_t{1} << 20, .depth = 64});
  if (!value || !value->is_object()) throw std::runtime_error("api: a fragment of the document is not JSON");
  return std::move(value->get_object());
}

object& inside(object& of, std::string_view key) {
  boost::json::value& v = of[key];
  if (!v.is_object()) v = object{};
  return v.get_object();
}

// Members of `from` into `into`; twice the same is a mistake of ours.
void merge(object& into, const object& from, std::string_view what) {
  for (const auto& [key, value] : from)
    if (!into.emplace(key, value).second) throw std::runtime_error("api: said twice: " + std::string(what) + " " + std::string(key));
}

}  // namespace

std::string api_document(std::span<const std::string_view> fragments) {
  object document = parse_fragment(fragments.front());
  for (const std::string_view text : fragments.subspan(1)) {
    object part = parse_fragment(text);
    for (const auto& [path, methods] : inside(part, "paths"))
      if (methods.is_object()) merge(inside(inside(document, "paths"), path), methods.get_object(), path);
    object& components = inside(part, "components");
    for (const std::string_view kind : {"schemas", "parameters", "responses"})
      merge(inside(inside(document, "components"), kind), inside(components, kind), kind);
  }
  return base::json::print(document);
}

void add_api_document_route(http::Site& site) {
  site.add(http::Route{.method = http::Method::get,
                       .pattern = "/api/openapi.json",
                       .permission = http::Permission::anyone,
                       .audit = http::Audit::none,
                       .max_body = 0,
                       .handler = [body = api_document(api_fragments())](const http::Request&, base::Now) { return http::json(body); }});
}

}  // namespace app
