// SPDX-License-Identifier: Apache-2.0
// Signalling JSON as a hostile browser may send it: what is read must be written and read again as the same message; what is
// refused must say why within bounds. Corpus: the examples of docs/protocol.md, and one file for each thing that was wrong.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "call/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::as_text({data, size});
  if (const auto message = call::read_client_message(text)) {
    const auto again = call::read_client_message(call::write_message(*message));
    // Only escapes can make the second text longer than a frame may be.
    if (again ? *again != *message : again.error().reason != call::Reason::too_large) std::abort();
  } else {
    const call::Misread& wrong = message.error();
    if (wrong.problems.empty() || wrong.problems.size() > base::json::kMostProblems) std::abort();
    if (wrong.what.get().size() > 32 || wrong.pointer.get().size() > 200) std::abort();
    if (wrong.ref && wrong.ref->get().size() > 64) std::abort();
  }
  if (const auto message = call::read_server_message(text)) {
    const auto again = call::read_server_message(call::write_message(*message));
    if (again && *again != *message) std::abort();
  }
  return 0;
}
