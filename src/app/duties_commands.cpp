// SPDX-License-Identifier: Apache-2.0
// See duties_commands.h.
#include "app/duties_commands.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "app/service_store.h"
#include "care/access.h"
#include "care/retention_table.h"
#include "interop/person_export_table.h"
#include "net/machine.h"
#include "store/audit_trail.h"

namespace app {
namespace {

std::string words_of(const care::Period& p) {
  if (p.unit == care::KeptUnit::with_record) return "with the record";
  return fmt::format("{} {}", p.amount, base::json::name_of(p.unit));
}

void print_shown(const std::vector<care::NoticeDay>& days) {
  for (const auto& d : days) fmt::print("  {}  {:<18}{:>8}\n", d.day, care::to_text(d.kind), d.items);
  if (days.empty()) fmt::print("  nothing\n");
}

// Never over a file that is there, and nobody else's from its first moment.
void write_private(const std::string& path, const std::string& bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("the file is there already, or cannot be made: " + path);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool good = done == bytes.size() && ::fsync(fd) == 0;
  ::close(fd);
  if (good) return;
  ::unlink(path.c_str());
  throw std::runtime_error("the file cannot be written: " + path);
}

}  // namespace

int show_retention(const Configuration& c) {
  const auto pool = open_database(database_url(c), 1, false, net::read_clock().wall);
  const auto t = pool->read();
  const auto rules = care::retention_rules(*t);
  const auto days = care::notices_by_day(*t);
  const auto last = care::last_run_day(*t);
  const auto holds = care::holds_standing(*t);
  if (!t->ok()) throw std::runtime_error("the database cannot be read");
  fmt::print("Kept for:\n");
  for (const auto& r : rules)
    if (care::kind_of(r.kind).how != care::How::standing)
      fmt::print("  {:<18}{:<18}{}\n", care::to_text(r.kind), words_of(r.period), r.version == 0 ? "" : "(the trust's own)");
  fmt::print("Last run: {}. Legal holds that stand: {}.\nWill go, at the earliest on:\n", last.empty() ? "none yet" : last, holds);
  print_shown(days);
  return 0;
}

int run_retention_now(const Configuration& c) {
  net::MachineEntropy entropy;
  ServiceStore opened(c, entropy, net::read_clock().wall);
  const auto report = care::run_retention(opened.pool(), opened.keys(), entropy, net::read_clock().wall, true);
  if (!report) throw std::runtime_error("the database failed: what had gone by then has gone, the rest goes at the next run");
  fmt::print("Went now:\n");
  for (const auto& w : report->went) fmt::print("  {:<18}{:>8}\n", care::to_text(w.kind), w.items);
  if (report->went.empty()) fmt::print("  nothing\n");
  fmt::print("Shown now, to go on:\n");
  print_shown(report->shown);
  return 0;
}

int export_one_person(const Configuration& c, const std::string& person, const std::string& file, const std::string& reason) {
  const auto id = base::parse_id<care::PersonId>(person);
  if (!id) throw std::runtime_error("this is no id of a person: it is the last part of the address of their page");
  const bool code = !reason.empty() && reason.size() <= 64 && std::ranges::all_of(reason, [](char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-'; });
  if (!code) throw std::runtime_error("a reason is small letters, digits and hyphens, like they-asked");
  net::MachineEntropy entropy;
  const base::WallTime now = net::read_clock().wall;
  ServiceStore opened(c, entropy, now);
  const auto t = opened.pool().write();
  const auto zip = interop::export_person(*t, opened.keys(), *id, now);
  if (!zip) throw std::runtime_error(t->ok() ? "there is nobody with this id" : "the database cannot be read");
  store::append_audit(*t, {{.at = now, .actor_kind = "system", .actor = {}, .action = "export", .data = std::string(care::to_text(care::Data::identity)),
                            .subject_kind = "person", .subject = id->text, .person = id->text, .reason = reason, .note = {}}});
  write_private(file, zip->get());
  if (!t->commit()) {
    ::unlink(file.c_str());
    throw std::runtime_error("that the copy was made cannot be put on record, so it was not kept");
  }
  fmt::print("Copy: {}\nRead it before it is handed over: what staff wrote freely may speak of others. Delete the file after.\n", file);
  return 0;
}

}  // namespace app
