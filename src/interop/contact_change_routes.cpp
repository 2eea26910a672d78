// SPDX-License-Identifier: Apache-2.0
// See contact_change_routes.h.
#include "interop/contact_change_routes.h"

#include <utility>

#include "care/person_routes.h"
#include "care/person_table.h"
#include "care/trust_clock_table.h"
#include "crypto/hmac.h"

namespace interop {
namespace {

using base::json::field;
using base::json::Nullable;
using care::Access;
using care::Call;
using care::Data;
using care::OrAnswer;

enum class CheckBy : std::uint8_t { code, team };
constexpr auto json_names(CheckBy) {
  return std::array<base::json::Names<CheckBy>, 2>{{{CheckBy::code, "code"}, {CheckBy::team, "team"}}};
}
struct Wish {
  WantedContact wanted;
  CheckBy check = CheckBy::team;
  static constexpr auto fields() { return std::tuple{field("wanted", &Wish::wanted), field("check", &Wish::check)}; }
};
// As the person sees it: what they asked for, and how it is confirmed.
struct MyChange {
  WantedContact wanted;
  CheckBy check = CheckBy::team;
  std::string askedAt, until;
  std::int64_t triesLeft = 0;
  static constexpr auto fields() {
    using M = MyChange;
    return std::tuple{field("wanted", &M::wanted), field("check", &M::check), field("askedAt", &M::askedAt), field("until", &M::until),
                      field("triesLeft", &M::triesLeft)};
  }
};
struct MyContact {
  Nullable<MyChange> waiting;
  Nullable<Channel> codeBy;  // the old safe way, where it can bring a code
  std::vector<care::SafeHours> hours;  // as the record has them; empty: any time
  static constexpr auto fields() {
    return std::tuple{field("waiting", &MyContact::waiting), field("codeBy", &MyContact::codeBy), field("hours", &MyContact::hours)};
  }
};
struct TypedCode {
  base::Redacted<std::string> code;
  static constexpr auto fields() { return std::tuple{field("code", &TypedCode::code, {.least = 0, .most = 32})}; }
};
struct Confirmed {
  bool confirmed = false;
  std::int64_t triesLeft = 0;
  static constexpr auto fields() { return std::tuple{field("confirmed", &Confirmed::confirmed), field("triesLeft", &Confirmed::triesLeft)}; }
};

care::Where mine(const Call& call) { return {.teams = {}, .groups = {}, .person = call.actor.person, .staff = {}}; }
care::Subject about(const care::PersonId& person) { return {"person", person.text, person}; }

MyChange shown(const ContactChange& c) {
  return {c.wanted, c.code ? CheckBy::code : CheckBy::team, care::iso_text(c.asked), care::iso_text(c.until),
          c.code ? std::max<std::int64_t>(0, kMostWrongCodes - c.wrong_codes) : 0};
}

http::Response my_contact(Call& call) {
  MyContact out;
  if (const auto waiting = waiting_change(call.tx, call.keys, call.actor.person, call.now.wall)) out.waiting.value = shown(*waiting);
  const auto to = load_recipient(call.tx, call.keys, call.actor.membership, {}, call.now.wall);
  if (to && to->channel && !to->to.get().empty()) out.codeBy.value = to->channel;
  out.hours = care::load_identity(call.tx, call.keys, call.actor.person).safe_contact.hours;
  return http::json(base::json::write(out));
}

http::Response show_mine(Call& call) {
  const auto opened = call.open(Data::identity, Access::read, mine(call), about(call.actor.person));
  return opened ? my_contact(call) : opened.error();
}

// The code goes by the old safe way, in its hours.
OrAnswer<MessageId> send_code(Call& call, const Outgoing& out, const std::string& code) {
  const auto to = load_recipient(call.tx, call.keys, call.actor.membership, {}, call.now.wall);
  const auto id = to ? write_message(call.tx, call.keys, call.entropy, out, *to,
                                     {.kind = Kind::contact_check, .session = {}, .before = {}, .link = {}, .code = code, .staff = {}}, call.now.wall)
                     : base::Result<MessageId, NotWritten>(std::unexpected(NotWritten::no_channel));
  if (!id) return std::unexpected(care::unprocessable({{"/check", "no-code", "We cannot send a code to you just now. Choose that your team checks it with you"}}));
  return *id;
}

http::Response at_wish(care::FieldFaults faults) {
  for (auto& f : faults) f.pointer = "/wanted" + f.pointer;
  return care::unprocessable(faults);
}

http::Response ask(Call& call, const Outgoing& out, const std::function<void()>& written) {
  const auto opened = call.open(Data::needs, Access::write, mine(call), about(call.actor.person));
  if (!opened) return opened.error();
  auto wish = call.body<Wish>();
  if (!wish) return wish.error();
  auto wanted = settle(std::move(wish->wanted));
  if (!wanted) return at_wish(wanted.error());
  hold_change(call.tx, call.actor.person);
  const auto record = care::load_identity(call.tx, call.keys, call.actor.person);
  const bool hours_alone = !wanted->method.value;
  const care::Date today = care::trust_day(call.tx, call.now.wall);
  const auto kept = care::settle(applied(record, *wanted, today), today, "");
  if (!kept) {
    const auto of_hours = faults_of_hours(kept.error());
    return at_wish(of_hours.empty() ? care::FieldFaults{{hours_alone ? "/hours" : "/to", "not-kept", "We cannot keep this as it is. Please call your team"}} : of_hours);
  }
  if (wanted->hours) wanted->hours = kept->safe_contact.hours;  // each day once, in order
  if (says_already(record, *wanted))
    return at_wish({hours_alone ? care::FieldFault{"/hours", "same", "These are your times already"} : care::FieldFault{"/to", "same", "We reach you there already"}});
  if (changes_asked(call.tx, call.actor.person, {call.now.wall.us - kWishesWithin.us}) >= kMostWishes) {
    auto r = http::problem(429, "too-many-wishes", "You have asked for several changes today. Try again tomorrow, or call your team");
    r.set("Retry-After", std::to_string(kWishesWithin.us / 1'000'000));
    return r;
  }
  ContactChange change{.id = {}, .version = 0, .person = call.actor.person, .membership = call.actor.membership, .wanted = std::move(*wanted), .code = {},
                       .message = {}, .wrong_codes = 0, .asked = {}, .until = {}};
  if (wish->check == CheckBy::code) {
    const std::string code = code_from(call.entropy.u64());
    const auto message = send_code(call, out, code);
    if (!message) return message.error();
    change.code = base::Redacted<std::string>(code);
    change.message = *message;
  }
  insert_change(call.tx, call.keys, call.entropy, change, call.now.wall);
  call.note("contact-change-asked", Data::identity, about(call.actor.person));
  auto r = my_contact(call);
  written();
  r.status = 201;
  return r;
}

http::Response take_back(Call& call) {
  const auto opened = call.open(Data::needs, Access::write, mine(call), about(call.actor.person));
  if (!opened) return opened.error();
  hold_change(call.tx, call.actor.person);
  const auto waiting = waiting_change(call.tx, call.keys, call.actor.person, call.now.wall);
  if (waiting && settle_change(call.tx, *waiting, Settled::withdrawn, {}, call.now.wall)) call.note("contact-change-withdrawn", Data::identity, about(call.actor.person));
  return care::no_content();
}

// The record changes, and what has not gone out yet goes the new way.
OrAnswer<void> apply(Call& call, const ContactChange& change, const std::optional<care::StaffId>& by) {
  const auto place = care::find_person(call.tx, change.person);
  if (!place) return std::unexpected(care::not_found());
  const care::Date today = care::trust_day(call.tx, call.now.wall);
  const auto identity = care::settle(applied(care::load_identity(call.tx, call.keys, change.person), change.wanted, today), today, "");
  if (!identity) return std::unexpected(http::problem(409, "record-in-the-way", "The record holds something that needs mending first"));
  if (!settle_change(call.tx, change, Settled::confirmed, by, call.now.wall) ||
      !care::update_identity(call.tx, call.keys, change.person, place->version, *identity, call.now.wall))
    return std::unexpected(care::changed_meanwhile());
  readdress(call.tx, call.keys, change.person, call.now.wall);
  call.note("contact-change-confirmed", Data::identity, about(change.person));
  return {};
}

// A wrong code is an answer like a right one, so that the try is kept.
http::Response confirm_mine(Call& call) {
  const auto opened = call.open(Data::needs, Access::write, mine(call), about(call.actor.person));
  if (!opened) return opened.error();
  const auto typed = call.body<TypedCode>();
  if (!typed) return typed.error();
  hold_change(call.tx, call.actor.person);
  const auto waiting = waiting_change(call.tx, call.keys, call.actor.person, call.now.wall);
  if (!waiting) return http::problem(409, "nothing-waits", "There is no change that waits. Ask for it again");
  if (!waiting->takes_codes()) return http::json(base::json::write(Confirmed{false, 0}));
  const std::string key = code_key(typed->code.get());
  if (!crypto::equal_in_constant_time(base::as_bytes(key), base::as_bytes(waiting->code->get()))) {
    note_wrong_code(call.tx, *waiting);
    call.note("contact-change-wrong-code", Data::identity, about(call.actor.person));
    return http::json(base::json::write(Confirmed{false, kMostWrongCodes - waiting->wrong_codes - 1}));
  }
  if (const auto done = apply(call, *waiting, {}); !done) return done.error();
  return http::json(base::json::write(Confirmed{true, 0}));
}

// --- Staff --------------------------------------------------------------------------------------------------------------------
struct TeamView {
  std::int64_t version = 0;
  MyChange change;
  static constexpr auto fields() { return std::tuple{field("version", &TeamView::version), field("change", &TeamView::change)}; }
};

OrAnswer<ContactChange> opened_change(Call& call, Access access) {
  const auto place = care::person_of_path(call);
  if (!place) return std::unexpected(place.error());
  if (auto open = care::open_person(call, Data::identity, access, *place); !open) return std::unexpected(open.error());
  auto waiting = waiting_change(call.tx, call.keys, place->where.person, call.now.wall);
  if (!waiting) return std::unexpected(http::problem(409, "nothing-waits", "No change waits. It was settled, taken back, or its time is over"));
  return std::move(*waiting);
}

// Nothing waits: an answer of its own, so that a page can ask without knowing.
http::Response show_of_person(Call& call) {
  const auto place = care::person_of_path(call);
  if (!place) return place.error();
  if (auto open = care::open_person(call, Data::identity, Access::read, *place); !open) return open.error();
  const auto waiting = waiting_change(call.tx, call.keys, place->where.person, call.now.wall);
  if (!waiting) return http::json(R"({"change":null,"version":0})");
  return care::versioned(base::json::write(TeamView{waiting->version, shown(*waiting)}), waiting->version);
}

http::Response confirm_by_staff(Call& call) {
  const auto change = opened_change(call, Access::write);
  if (!change) return change.error();
  if (const auto same = call.match(change->version); !same) return same.error();
  if (const auto done = apply(call, *change, call.actor.staff); !done) return done.error();
  return care::no_content();
}

http::Response refuse_by_staff(Call& call) {
  const auto change = opened_change(call, Access::write);
  if (!change) return change.error();
  if (const auto same = call.match(change->version); !same) return same.error();
  if (!settle_change(call.tx, *change, Settled::refused, call.actor.staff, call.now.wall)) return care::changed_meanwhile();
  call.note("contact-change-refused", Data::identity, about(change->person));
  return care::no_content();
}

struct Waitings {
  std::vector<WaitingChangeRow> items;
  Nullable<std::string> next;
  static constexpr auto fields() { return std::tuple{field("items", &Waitings::items), field("next", &Waitings::next)}; }
};
http::Response list_waiting(Call& call) {
  const auto page = care::page_of(call);
  if (!page) return page.error();
  call.note("read", Data::identity, {"contact-changes", {}, {}});
  Waitings out{waiting_changes(call.tx, call.keys, call.actor, call.now.wall, parse_messages_after(page->after), page->limit + 1), {}};
  if (std::cmp_greater(out.items.size(), page->limit)) {
    out.items.pop_back();
    out.next.value = care::cursor(call, to_text(MessagesAfter{.rank = 0, .made = out.items.back().asked, .id = out.items.back().id.text}));
  }
  return http::json(base::json::write(out));
}

}  // namespace

void add_contact_change_routes(http::Site& site, care::Desk& desk, const Outgoing& out, std::function<void()> written) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/mine/contact-change", .permission = http::Permission::visitor,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_own, .max_body = 0, .handler = show_mine});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/mine/contact-change", .permission = http::Permission::visitor,
                                    .data = Data::needs, .access = Access::write, .audit = http::Audit::change, .max_body = 8'192,
                                    .creates = true, .handler = [&out, written](Call& call) { return ask(call, out, written); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::del, .pattern = "/api/mine/contact-change", .permission = http::Permission::visitor,
                                    .data = Data::needs, .access = Access::write, .audit = http::Audit::change, .max_body = 0, .handler = take_back});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/mine/contact-change/confirm", .permission = http::Permission::visitor,
                                    .data = Data::needs, .access = Access::write, .audit = http::Audit::change, .max_body = 256, .handler = confirm_mine});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/contact-changes", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list_waiting});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/people/{person}/contact-change", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0, .handler = show_of_person});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/contact-change/confirm", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 0, .handler = confirm_by_staff});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/contact-change/refuse", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 0, .handler = refuse_by_staff});
}

}  // namespace interop
