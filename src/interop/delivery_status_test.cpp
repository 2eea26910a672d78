// SPDX-License-Identifier: Apache-2.0
#include "interop/delivery_status.h"

#include <gtest/gtest.h>

namespace interop {
namespace {

const std::string kId = "0198c0de-0000-7000-8000-0000000000aa";
const std::string kTo = "bounces+" + kId + "@example.org";

// As Postfix writes one.
std::string report(const std::string& action = "failed", const std::string& status = "5.1.1", const std::string& type = "delivery-status") {
  return "Return-Path: <>\r\nDelivered-To: " + kTo + "\r\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r\nTo: " + kTo +
         "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=" + type + ";\r\n\tboundary=\"AB/1.mx\"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n"
         "--AB/1.mx\r\nContent-Type: text/plain\r\n\r\nSorry.\r\nAction: failed\r\nStatus: 5.9.9\r\n\r\n--AB/1.mx\r\nContent-Description: Delivery report\r\n"
         "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\nArrival-Date: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\n"
         "Final-Recipient: rfc822; robin@example.org\r\nOriginal-Recipient: rfc822;robin@example.org\r\nAction: " + action + "\r\nStatus: " + status +
         "\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--AB/1.mx\r\nContent-Type: message/rfc822\r\n\r\nSubject: Your appointment\r\n\r\n--AB/1.mx--\r\n";
}

TEST(BounceAddress, holds_the_id_and_gives_it_back) {
  EXPECT_EQ(bounce_address("bounces@example.org", kId), kTo);
  EXPECT_EQ(bounce_address("nowhere", kId), "");
  EXPECT_EQ(id_in_address(kTo), kId);
  EXPECT_EQ(id_in_address("Care <bounces+x+" + kId + "@example.org>"), kId);
  EXPECT_EQ(id_in_address("bounces+" + kId), std::nullopt);
  EXPECT_EQ(id_in_address("bounces+0198c0de@example.org"), std::nullopt);
}

TEST(Bounce, a_report_of_failure_names_message_and_status) {
  EXPECT_EQ(read_bounce(report(), kTo), (Bounce{kId, "5.1.1"}));
  EXPECT_EQ(read_bounce(report(), ""), (Bounce{kId, "5.1.1"})) << "by its headers";
  EXPECT_EQ(read_bounce("From MAILER-DAEMON Fri Nov 20 08:00:00 2026\n" + report(), ""), (Bounce{kId, "5.1.1"}));
  EXPECT_EQ(read_bounce(report("failed", "4.4.7 (timeout)"), kTo), (Bounce{kId, "4.4.7"}));
  EXPECT_EQ(read_bounce(report("Failed (bad)", "5.2.2"), kTo), (Bounce{kId, "5.2.2"}));
}

TEST(Bounce, lines_that_end_with_line_feed_alone_are_read_too) {
  std::string bare;
  for (const char c : report())
    if (c != '\r') bare += c;
  EXPECT_EQ(read_bounce(bare, kTo), (Bounce{kId, "5.1.1"}));
}

TEST(Bounce, a_delay_a_success_and_other_mail_are_none) {
  for (const char* action : {"delayed", "delivered", "relayed", "expanded", ""}) EXPECT_EQ(read_bounce(report(action, "2.0.0"), kTo), std::nullopt) << action;
  EXPECT_EQ(read_bounce(report("failed", "5.1.1", "disposition-notification"), kTo), std::nullopt);
  EXPECT_EQ(read_bounce("To: " + kTo + "\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n", kTo), std::nullopt) << "out of office";
  EXPECT_EQ(read_bounce("", kTo), std::nullopt);
}

TEST(Bounce, a_status_that_is_none_says_no_more_than_that_it_failed) {
  for (const char* status : {"", "5", "5.1.1<script>", "2.0.0", "5.1.1.1", "9.9.9", "5.12345.678901"})
    EXPECT_EQ(read_bounce(report("failed", status), kTo), (Bounce{kId, "5.0.0"})) << status;
}

TEST(Bounce, a_report_that_was_cut_off_is_read_as_far_as_it_goes_and_never_past_its_end) {
  const std::string whole = report();
  int found = 0;
  for (std::size_t n = 0; n <= whole.size(); ++n)
    if (const auto b = read_bounce(std::string_view(whole).substr(0, n), kTo)) {
      EXPECT_EQ(b->id, kId);
      ++found;
    }
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace interop
