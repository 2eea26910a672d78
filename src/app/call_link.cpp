// SPDX-License-Identifier: Apache-2.0
// See call_link.h.
#include "app/call_link.h"

#include <array>
#include <string>

namespace app {
namespace {

enum class Kind : std::uint8_t {
  attach = 1, client_text, detach, stop, ask_figures, put_out, use_relay,
  server_text = 32, close_connection, came, went, room_ended, ready, figures, visit_ended,
};

// Grows as it writes; base::Writer fills what it is given.
class Out {
 public:
  explicit Out(Kind kind) { u8(static_cast<std::uint8_t>(kind)); }
  void u8(std::uint8_t v) { bytes_.push_back(v); }
  void u16(std::uint16_t v) { fixed<2>([&](std::uint8_t* p) { base::store_u16(p, v); }); }
  void u32(std::uint32_t v) { fixed<4>([&](std::uint8_t* p) { base::store_u32(p, v); }); }
  void u64(std::uint64_t v) { fixed<8>([&](std::uint8_t* p) { base::store_u64(p, v); }); }
  void text(const std::string& s) { bytes_.insert(bytes_.end(), s.begin(), s.end()); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  template <std::size_t N, class Store>
  void fixed(Store store) {
    bytes_.resize(bytes_.size() + N);
    store(bytes_.data() + bytes_.size() - N);
  }
  std::vector<std::uint8_t> bytes_;
};

constexpr std::array kFigures64{
    &CallFigures::refused_messages, &CallFigures::forwarded,  &CallFigures::dropped_malformed, &CallFigures::dropped_unknown,
    &CallFigures::dropped_limit,    &CallFigures::datagrams_in, &CallFigures::datagrams_out,   &CallFigures::bytes_in,
    &CallFigures::bytes_out,        &CallFigures::kernel_drops, &CallFigures::send_drops,      &CallFigures::tcp_drops,
    &CallFigures::tcp_open,         &CallFigures::wakes,        &CallFigures::send_calls,
    &CallFigures::receive_calls,    &CallFigures::sends,
};
constexpr std::array kFigures32{&CallFigures::thread, &CallFigures::rooms, &CallFigures::present, &CallFigures::waiting,
                                &CallFigures::participants};

// What a visit's figures may lack is told beside its number.
constexpr std::array kVisit32{
    &call::VisitFigures::seconds,         &call::VisitFigures::present_seconds, &call::VisitFigures::interruptions, &call::VisitFigures::interrupted_seconds,
    &call::VisitFigures::thinned_seconds, &call::VisitFigures::lost_in_ppm,     &call::VisitFigures::lost_out_ppm,
};
constexpr std::array kVisitMaybe32{&call::VisitFigures::joined_ms, &call::VisitFigures::round_trip_ms, &call::VisitFigures::worst_round_trip_ms};
constexpr std::array kVisit64{&call::VisitFigures::bytes_in, &call::VisitFigures::bytes_out};

struct Encoder {
  std::vector<std::uint8_t> operator()(const call::Attach& m) const {
    Out out(Kind::attach);
    out.u64(m.connection.value);
    out.u64(m.room.value);
    out.u32(m.admission.seat.value);
    out.u8(static_cast<std::uint8_t>(m.admission.role));
    const auto& p = m.admission.permissions;
    out.u8(static_cast<std::uint8_t>((p.admit ? 1 : 0) | (p.moderate ? 2 : 0) | (p.enter ? 4 : 0) |
                                     (p.publish_screen ? 8 : 0)));
    out.u8(static_cast<std::uint8_t>((m.resume ? 1 : 0) | (m.keep ? 2 : 0) | (m.admission.encrypted ? 4 : 0)));
    if (m.resume) out.text(m.resume->get());
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::ClientText& m) const {
    Out out(Kind::client_text);
    out.u64(m.connection.value);
    out.text(m.text.get());
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::Detach& m) const {
    Out out(Kind::detach);
    out.u64(m.connection.value);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::PutOut& m) const {
    Out out(Kind::put_out);
    out.u64(m.room.value);
    out.u64(m.connection.value);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::Stop&) const { return Out(Kind::stop).take(); }
  std::vector<std::uint8_t> operator()(const call::UseRelay& m) const {
    Out out(Kind::use_relay);
    out.u16(static_cast<std::uint16_t>(m.uri.size()));
    out.text(m.uri);
    out.text(m.secret.get());
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const AskFigures&) const { return Out(Kind::ask_figures).take(); }
  std::vector<std::uint8_t> operator()(const call::ServerText& m) const {
    Out out(Kind::server_text);
    out.u64(m.connection.value);
    out.text(m.text.get());
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::CloseConnection& m) const {
    Out out(Kind::close_connection);
    out.u64(m.connection.value);
    out.u16(m.code);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::Came& m) const {
    Out out(Kind::came);
    out.u64(m.room.value);
    out.u32(m.seat.value);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::Went& m) const {
    Out out(Kind::went);
    out.u64(m.room.value);
    out.u32(m.seat.value);
    out.u8(static_cast<std::uint8_t>(m.how));
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::RoomEnded& m) const {
    Out out(Kind::room_ended);
    out.u64(m.room.value);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const call::VisitEnded& m) const {
    Out out(Kind::visit_ended);
    out.u64(m.room.value);
    for (const auto member : kVisit32) out.u32(m.figures.*member);
    for (const auto member : kVisitMaybe32) {
      out.u8((m.figures.*member).has_value() ? 1 : 0);
      out.u32((m.figures.*member).value_or(0));
    }
    out.u8(static_cast<std::uint8_t>(m.figures.reached ? 1 + static_cast<int>(*m.figures.reached) : 0));
    for (const std::uint32_t each : m.figures.pictures_seconds) out.u32(each);
    for (const auto member : kVisit64) out.u64(m.figures.*member);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const CallReady& m) const {
    Out out(Kind::ready);
    out.u32(m.version);
    for (const auto port : m.media_ports) out.u16(port);
    return out.take();
  }
  std::vector<std::uint8_t> operator()(const CallFigures& m) const {
    Out out(Kind::figures);
    for (const auto member : kFigures32) out.u32(m.*member);
    for (const auto member : kFigures64) out.u64(m.*member);
    return out.take();
  }
};

auto refuse(base::ParseError e) { return base::Unexpected(e); }

// The value where the reader is content and nothing is left over.
template <class Variant, class T>
base::Result<Variant, base::ParseError> whole(const base::Reader& in, T value) {
  if (!in.ok()) return refuse(base::ParseError::truncated);
  if (in.left() != 0) return refuse(base::ParseError::malformed);
  return Variant{std::move(value)};
}

base::Redacted<std::string> rest_of(base::Reader& in) {
  return base::Redacted<std::string>(std::string(base::as_text(in.bytes(in.left()))));
}

base::Result<LinkToCall, base::ParseError> decode_attach(base::Reader& in) {
  call::Attach m;
  m.connection.value = in.u64();
  m.room.value = in.u64();
  m.admission.seat.value = in.u32();
  const std::uint8_t role = in.u8(), bits = in.u8(), flags = in.u8();
  if (!in.ok()) return refuse(base::ParseError::truncated);
  if (role > static_cast<std::uint8_t>(call::Role::member) || bits > 15 || flags > 7)
    return refuse(base::ParseError::malformed);
  m.admission.role = static_cast<call::Role>(role);
  m.admission.permissions = {.admit = (bits & 1) != 0,
                             .moderate = (bits & 2) != 0,
                             .enter = (bits & 4) != 0,
                             .publish_screen = (bits & 8) != 0};
  m.keep = (flags & 2) != 0;
  m.admission.encrypted = (flags & 4) != 0;
  if ((flags & 1) != 0) m.resume = rest_of(in);
  return whole<LinkToCall>(in, std::move(m));
}

base::Result<LinkToService, base::ParseError> decode_went(base::Reader& in) {
  call::Went m;
  m.room.value = in.u64();
  m.seat.value = in.u32();
  const std::uint8_t how = in.u8();
  if (how > static_cast<std::uint8_t>(call::Going::superseded)) return refuse(base::ParseError::malformed);
  m.how = static_cast<call::Going>(how);
  return whole<LinkToService>(in, m);
}

base::Result<LinkToService, base::ParseError> decode_visit(base::Reader& in) {
  call::VisitEnded m;
  m.room.value = in.u64();
  for (const auto member : kVisit32) m.figures.*member = in.u32();
  for (const auto member : kVisitMaybe32) {
    const std::uint8_t there = in.u8();
    const std::uint32_t value = in.u32();
    if (there > 1 || (there == 0 && value != 0)) return refuse(base::ParseError::malformed);
    if (there == 1) m.figures.*member = value;
  }
  const std::uint8_t reached = in.u8();
  if (reached > 1 + static_cast<std::uint8_t>(media::Reached::secured)) return refuse(base::ParseError::malformed);
  if (reached > 0) m.figures.reached = static_cast<media::Reached>(reached - 1);
  for (std::uint32_t& each : m.figures.pictures_seconds) each = in.u32();
  for (const auto member : kVisit64) m.figures.*member = in.u64();
  return whole<LinkToService>(in, m);
}

base::Result<LinkToService, base::ParseError> decode_ready(base::Reader& in) {
  CallReady m;
  m.version = in.u32();
  while (in.ok() && in.left() > 0) m.media_ports.push_back(in.u16());
  return whole<LinkToService>(in, std::move(m));
}

base::Result<LinkToService, base::ParseError> decode_figures(base::Reader& in) {
  CallFigures m;
  for (const auto member : kFigures32) m.*member = in.u32();
  for (const auto member : kFigures64) m.*member = in.u64();
  return whole<LinkToService>(in, m);
}

}  // namespace

std::vector<std::uint8_t> encode(const LinkToCall& message) { return std::visit(Encoder{}, message); }
std::vector<std::uint8_t> encode(const LinkToService& message) { return std::visit(Encoder{}, message); }

base::Result<LinkToCall, base::ParseError> decode_to_call(base::Bytes frame) {
  base::Reader in(frame);
  switch (static_cast<Kind>(in.u8())) {
    case Kind::attach: return decode_attach(in);
    case Kind::client_text: {
      const base::ConnectionId id{in.u64()};
      return whole<LinkToCall>(in, call::ClientText{id, rest_of(in)});
    }
    case Kind::detach: return whole<LinkToCall>(in, call::Detach{{in.u64()}});
    case Kind::put_out: {
      const base::RoomId room{in.u64()};
      return whole<LinkToCall>(in, call::PutOut{room, {in.u64()}});
    }
    case Kind::stop: return whole<LinkToCall>(in, call::Stop{});
    case Kind::use_relay: {
      const std::uint16_t size = in.u16();
      std::string uri(base::as_text(in.bytes(size)));
      return whole<LinkToCall>(in, call::UseRelay{std::move(uri), rest_of(in)});
    }
    case Kind::ask_figures: return whole<LinkToCall>(in, AskFigures{});
    default: return refuse(in.ok() ? base::ParseError::unsupported : base::ParseError::truncated);
  }
}

base::Result<LinkToService, base::ParseError> decode_to_service(base::Bytes frame) {
  base::Reader in(frame);
  switch (static_cast<Kind>(in.u8())) {
    case Kind::server_text: {
      const base::ConnectionId id{in.u64()};
      return whole<LinkToService>(in, call::ServerText{id, rest_of(in)});
    }
    case Kind::close_connection: {
      const base::ConnectionId id{in.u64()};
      const std::uint16_t code = in.u16();
      return whole<LinkToService>(in, call::CloseConnection{id, code});
    }
    case Kind::came: {
      const base::RoomId room{in.u64()};
      return whole<LinkToService>(in, call::Came{room, {in.u32()}});
    }
    case Kind::went: return decode_went(in);
    case Kind::room_ended: return whole<LinkToService>(in, call::RoomEnded{{in.u64()}});
    case Kind::visit_ended: return decode_visit(in);
    case Kind::ready: return decode_ready(in);
    case Kind::figures: return decode_figures(in);
    default: return refuse(in.ok() ? base::ParseError::unsupported : base::ParseError::truncated);
  }
}

}  // namespace app
