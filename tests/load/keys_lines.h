// SPDX-License-Identifier: Apache-2.0
// What we and the key process (keys.ts) say to each other: one JSON object a line, for many people over one pipe. We hand on
// what the server said to each person, and who was let in; it gives messages to send, the keys of each epoch, and the words.
// Not here: the process and its pipes (keys_process.h), MLS. Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "load/frame_keys.h"

namespace load {

// -- to the key process
[[nodiscard]] std::string heard_line(std::size_t person, std::string_view message);  // a whole message of the server, as it came
[[nodiscard]] std::string admit_line(std::size_t person, std::uint32_t arrival, std::uint32_t seat, bool leads);
[[nodiscard]] std::string words_line(std::size_t person);  // the words of the epoch, please
[[nodiscard]] std::string stop_line(std::size_t person);

// -- from it
struct KeysSay {
  std::string text;  // a message of the protocol, to be sent as it is
};
struct KeysForget {};  // out of the group: nothing opens any more
struct KeysWords {
  std::vector<unsigned> numbers;  // four, each a place in the list
};
struct KeysTrouble {
  std::string what;  // as the page would be told
};
struct KeysUnreadable {};
using FromKeys = std::variant<KeysSay, EpochKeys, KeysForget, KeysWords, KeysTrouble, KeysUnreadable>;
struct KeysLine {
  std::size_t person = 0;
  FromKeys what;
};
[[nodiscard]] KeysLine read_keys_line(std::string_view line);

}  // namespace load
