// SPDX-License-Identifier: Apache-2.0
// See message_sending.h.
#include "app/message_sending.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "app/log.h"
#include "interop/contact_change_table.h"
#include "interop/delivery_status.h"
#include "interop/mail.h"

namespace app {
namespace {
constexpr std::int64_t kAtOnce = 20;
using interop::Sent;

// Whole or not at all, and to be read by its owner alone.
bool write_whole(const std::string& path, const std::string& bytes) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const bool good = ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fsync(fd) == 0;
  ::close(fd);
  std::error_code error;
  if (good) std::filesystem::rename(fresh, path, error);
  return good && !error;
}

}  // namespace

std::int64_t MessageSending::run(const std::function<base::WallTime()>& clock) {
  const std::lock_guard one_at_a_time(running_);
  {
    auto tx = pool_.write();
    (void)interop::expire_changes(*tx, clock());
    const auto written = interop::tell_changes(*tx, keys_, entropy_, settings_.out, clock());
    if (!tx->commit()) return 0;
    if (written > 0) log(LogLevel::info, "messages-written", {{"count", written}});
  }
  std::int64_t out = 0;
  for (;;) {
    auto tx = pool_.write();
    const auto taken = interop::lease(*tx, keys_, clock(), kAtOnce);
    if (!tx->commit() || taken.empty()) return out;
    tx = nullptr;
    for (const auto& message : taken) {
      const Sent how = send(message, clock());
      auto done = pool_.write();
      interop::record(*done, keys_, message, how, clock());
      if (!done->commit()) log(LogLevel::error, "message-not-recorded");
      if (how.how == Sent::How::sent || how.how == Sent::How::kept) ++out;
      if (how.how == Sent::How::permanent) log(LogLevel::warning, "message-failed");
    }
  }
}

Sent MessageSending::send(const interop::Leased& m, base::WallTime now) const {
  if (m.channel == interop::Channel::sms) {
    const std::string text = m.payload.with_secrets(m.payload.sms, settings_.out.address);
    return settings_.notify.set_up() ? send_sms(outbound_, settings_.notify, m.payload.to.get(), text, m.message_id, now) : keep(m, text);
  }
  const std::string bytes = interop::mail_text({.from = settings_.out.from, .from_name = settings_.out.from_name, .to = m.payload.to.get(),
                                                .message_id = m.message_id, .written = m.made, .subject = m.payload.subject.get(),
                                                .text = m.payload.with_secrets(m.payload.text, settings_.out.address), .language = m.language,
                                                .format = m.payload.format.value_or(interop::Format::standard),
                                                .calendar = m.payload.calendar.get(), .cancels = m.payload.cancels});
  if (settings_.smtp.url.empty()) return keep(m, bytes);
  const std::string own = interop::bounce_address(settings_.out.bounces, m.id.text);
  const auto answer = net::send_mail(settings_.smtp, own.empty() ? settings_.out.from : own, m.payload.to.get(), bytes);
  const std::string code = answer.code == 0 ? "no-answer" : fmt::format("smtp-{}", answer.code);
  switch (answer.how) {
    case net::SmtpAnswer::How::accepted: return {.how = Sent::How::sent, .code = code};
    case net::SmtpAnswer::How::permanent: return {.how = Sent::How::permanent, .code = code};
    case net::SmtpAnswer::How::temporary: break;
  }
  return {.how = Sent::How::temporary, .code = code};
}

Sent MessageSending::keep(const interop::Leased& m, const std::string& bytes) const {
  std::error_code error;
  std::filesystem::create_directories(settings_.folder, error);
  std::filesystem::permissions(settings_.folder, std::filesystem::perms::owner_all, error);
  const bool mail = m.channel == interop::Channel::email;
  if (!error && write_whole(settings_.folder + "/" + m.id.text + (mail ? ".eml" : ".txt"), bytes)) return {.how = Sent::How::kept, .code = {}};
  return {.how = Sent::How::temporary, .code = "folder"};
}

}  // namespace app
