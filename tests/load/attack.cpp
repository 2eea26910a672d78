// SPDX-License-Identifier: Apache-2.0
// Most of what is said is nearly right: what is wrong at the first byte is refused at the first byte.
#include "load/attack.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/bytes.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

namespace load {
namespace {

constexpr std::array kFolders{"stun", "transport_peer", "transport_srtp", "rtp", "rtcp", "header_extensions", "dependency_descriptor", "vp8", "call"};
constexpr std::array<std::uint8_t, 8> kEdges{0x00, 0x01, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff};
constexpr std::array kNumbers{"0", "-1", "1", "7", "63", "65536", "2147483648", "4294967295", "4294967296", "1e308", "0.5", "null", "\"\"", "[]", "{}"};
constexpr std::size_t kLargest = 2'000;  // larger than a path takes, smaller than what the transport refuses to seal
constexpr std::size_t kLongText = 20'000;

template <class Message>
void append(const Message& message, std::vector<std::uint8_t>& to) {
  std::array<std::uint8_t, 1'400> buffer;
  base::Writer writer(buffer);
  if (message.write(writer)) to.insert(to.end(), writer.written().begin(), writer.written().end());
}

}  // namespace

Attack::Attack(std::uint64_t seed, const std::string& corpus) : random_(seed) {
  for (const std::string folder : kFolders) {
    auto& files = corpus_[folder];
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(corpus) / folder)) paths.push_back(entry.path());
    std::ranges::sort(paths);  // the same seed, the same choice
    for (const auto& path : paths) {
      std::ifstream in(path, std::ios::binary);
      files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    if (files.empty()) throw std::invalid_argument("no corpus in " + corpus + "/" + folder);
  }
}

Attack::Datagram Attack::noise(std::size_t most) {
  Datagram out(below(most + 1));
  for (auto& b : out) b = byte();
  return out;
}

const Attack::Datagram& Attack::of(const std::string& folder) {
  const auto& files = corpus_.at(folder);
  return files[below(files.size())];
}

void Attack::spoil(Datagram& bytes) {
  for (std::size_t times = 1 + below(4); times > 0; --times) {
    const std::size_t at = below(bytes.size());
    switch (below(7)) {
      case 0:
        if (!bytes.empty()) bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = kEdges[below(kEdges.size())];
        break;
      case 2:
        if (!bytes.empty()) bytes[at] = byte();
        break;
      case 3:
        bytes.resize(at);
        break;
      case 4: {
        const auto more = noise(one_in(8) ? kLargest : 40);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
        break;
      }
      case 5: {  // a piece once more
        const Datagram piece(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
        bytes.insert(bytes.end(), piece.begin(), piece.end());
        break;
      }
      default:
        for (std::size_t i = at; i < std::min(bytes.size(), at + 1 + below(16)); ++i) bytes[i] = 0;
    }
  }
  if (bytes.size() > kLargest) bytes.resize(kLargest);
}

Attack::Datagram Attack::stray(const std::deque<Datagram>& heard) {
  ++counts_.strays;
  Datagram out;
  const std::size_t which = below(10);
  if (which < 5 && !heard.empty()) {
    out = heard[below(heard.size())];  // as it was, from elsewhere: one in four
    if (!one_in(4)) spoil(out);
    return out;
  }
  if (which == 9) return noise(kLargest);
  out = of(which % 2 == 0 ? "stun" : which == 5 ? "rtp" : which == 7 ? "rtcp" : "transport_peer");
  spoil(out);
  return out;
}

// Its own, another's, one of the many that nobody has.
base::Ssrc Attack::ssrc_for(const Negotiated& negotiated, const AnswerSettings& own) {
  switch (below(8)) {
    case 0:
      return own.sound;
    case 1:
    case 2:
    case 3:
      return own.layers[below(std::size(own.layers))];
    case 4:
      return own.layer_repairs[below(std::size(own.layer_repairs))];
    case 5: {
      if (negotiated.slots.empty()) return own.sound_repair;
      const auto& slot = negotiated.slots[below(negotiated.slots.size())];
      return std::array{slot.sound, slot.sound_repair, slot.picture, slot.picture_repair}[below(4)];
    }
    case 6:
      return {static_cast<std::uint32_t>(below(300))};
    default:
      return own.layers[0];
  }
}

Attack::Datagram Attack::header(const Negotiated& negotiated, const AnswerSettings& own) {
  const base::Ssrc ssrc = ssrc_for(negotiated, own);
  auto [next, first] = next_.try_emplace(ssrc, static_cast<std::uint16_t>(random_()));
  next->second = static_cast<std::uint16_t>(next->second + (one_in(20) ? below(65'536) : one_in(5) ? below(40) : 1));
  const std::array types{negotiated.opus, negotiated.vp8, negotiated.sound_rtx, negotiated.picture_rtx, base::PayloadType{byte()}};
  const bool sound = ssrc == own.sound;
  const wire::RtpFields fields{one_in(3),
                               one_in(5) ? types[below(types.size())]
                               : sound   ? negotiated.opus
                                         : negotiated.vp8,
                               next->second, static_cast<std::uint32_t>(random_()), ssrc};
  std::array<std::uint8_t, wire::kMaxRtpHeader> room;
  wire::RtpHeaderWriter writer(room, fields);
  const ExtensionIds& ids = sound ? negotiated.sound_extensions : negotiated.picture_extensions;
  const auto add = [&](unsigned id, base::Bytes data) { (void)writer.extension(static_cast<std::uint8_t>(id), data); };
  if (ids.mid != 0 && !one_in(4)) add(ids.mid, one_in(6) ? base::Bytes(noise(20)) : base::as_bytes(sound ? negotiated.sound_mid : negotiated.picture_mid));
  if (ids.rid != 0 && !negotiated.rids.empty())
    add(ids.rid, one_in(6) ? base::Bytes(noise(20)) : base::as_bytes(negotiated.rids[below(negotiated.rids.size())]));
  for (std::size_t n = below(4); n > 0; --n) {
    auto data = one_in(3) ? noise(30) : of(one_in(2) ? "header_extensions" : "dependency_descriptor");
    if (one_in(2)) spoil(data);
    if (data.size() < 60) add(1 + static_cast<unsigned>(below(one_in(10) ? 255 : 14)), data);
  }
  const std::size_t size = writer.finish();
  Datagram out(room.data(), room.data() + size);
  // In what follows the twelve bytes, so that it stays a header to whoever seals it.
  if (out.size() > 16 && one_in(4)) out[16 + below(out.size() - 16)] = byte();
  return out;
}

void Attack::send_rtp(const SendContext& context, const Negotiated& negotiated, const AnswerSettings& own) {
  const auto head = header(negotiated, own);
  auto payload = one_in(4) ? noise(one_in(10) ? 1'900 : 200) : of(one_in(5) ? "rtp" : "vp8");
  if (one_in(2)) spoil(payload);
  if (context.peer.send_rtp(head, payload, base::Precedence::picture, context.out)) ++counts_.rtp;
}

Attack::Datagram Attack::rtcp(const Negotiated& negotiated, const AnswerSettings& own) {
  Datagram out;
  const base::Ssrc about = ssrc_for(negotiated, own);
  switch (below(8)) {
    case 0: {
      wire::Nack nack;
      nack.sender = own.sound;
      nack.media = about;
      const auto first = static_cast<std::uint16_t>(random_());
      const std::size_t items = 1 + below(250);
      for (std::size_t i = 0; i < items; ++i)
        nack.items.push_back({static_cast<std::uint16_t>(first + i * 17), static_cast<std::uint16_t>(random_())});
      append(nack, out);
      break;
    }
    case 1:
      for (std::size_t more = 1 + below(20); more > 0; --more) append(wire::Pli{own.sound, ssrc_for(negotiated, own)}, out);
      break;
    case 2: {
      wire::Remb remb;
      remb.sender = own.sound;
      remb.bitrate_bps = random_() >> below(64);
      remb.sources.push_back(about);
      append(remb, out);
      break;
    }
    case 3: {
      wire::TransportFeedback feedback;
      feedback.sender = own.sound;
      feedback.base_sequence = static_cast<std::uint16_t>(random_());
      feedback.feedback_count = byte();
      feedback.reference_time = static_cast<std::int32_t>(below(0x80'0000));
      for (std::size_t more = below(400); more > 0; --more) feedback.statuses.push_back({!one_in(3), static_cast<std::int16_t>(random_())});
      append(feedback, out);
      break;
    }
    case 4: {
      wire::ReceiverReport report{own.sound, {}};
      wire::ReportBlock block;
      block.ssrc = about;
      block.fraction_lost = byte();
      block.cumulative_lost = static_cast<std::int32_t>(below(0x7f'ffff));
      block.highest_sequence = block.jitter = block.last_sr = static_cast<std::uint32_t>(random_());
      block.delay_since_last_sr = static_cast<std::uint32_t>(random_());
      (void)report.blocks.push_back(block);
      append(report, out);
      break;
    }
    default:
      for (std::size_t more = 1 + below(4); more > 0; --more) {
        const auto& one = of("rtcp");
        out.insert(out.end(), one.begin(), one.end());
      }
  }
  if (one_in(2)) spoil(out);
  return out;
}

void Attack::send_rtcp(const SendContext& context, const Negotiated& negotiated, const AnswerSettings& own) {
  if (context.peer.send_rtcp(rtcp(negotiated, own), context.out)) ++counts_.rtcp;
}

void Attack::spoil_text(std::string& text) {
  for (std::size_t times = 1 + below(3); times > 0 && !text.empty(); --times) {
    const std::size_t at = below(text.size());
    switch (below(6)) {
      case 0: {  // a number, or what stands in its place
        const std::size_t digit = text.find_first_of("0123456789", at);
        if (digit == std::string::npos) break;
        const std::size_t end = std::min(text.find_first_not_of("0123456789", digit), text.size());
        text.replace(digit, end - digit, kNumbers[below(kNumbers.size())]);
        break;
      }
      case 1:
        text[at] = static_cast<char>(' ' + below(95));
        break;
      case 2:
        text.erase(at, 1 + below(8));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size()), 1 + below(30)));
        break;
      case 4:
        text.insert(at, std::string(1 + below(one_in(20) ? kLongText : 50), one_in(2) ? '[' : 'a'));
        break;
      default:
        text.resize(one_in(4) ? at : text.size());
    }
  }
}

std::string Attack::text() {
  ++counts_.texts;
  const auto& file = of("call");
  std::string out(file.begin(), file.end());
  if (!one_in(3)) spoil_text(out);
  return out;
}

}  // namespace load
