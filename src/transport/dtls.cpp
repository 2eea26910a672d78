// SPDX-License-Identifier: Apache-2.0
// DTLS on OpenSSL 3.0 through a BIO of our own: see dtls.h. OpenSSL reads the machine's clock to decide whether a
// flight is late. We keep that decision: DTLS_set_timer_cb makes its own timer an hour long, its BIO tells us when the
// timer is set or cleared (BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT passes OpenSSL's timer itself), and when ours is due we set
// that timer to the past and call DTLSv1_handle_timeout. Deliberately left out: DTLSv1_listen and cookies (it cannot
// take a fragmented ClientHello; an authenticated STUN check has proved the address already), renegotiation,
// resumption, data channels.
#include "transport/dtls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include <algorithm>

#include "crypto/certificate_keys.h"

namespace transport {
namespace {

constexpr unsigned kOpensslTimerUs = 3'600'000'000U;  // never in a handshake

unsigned never_by_itself(SSL*, unsigned) { return kOpensslTimerUs; }

}  // namespace

struct Dtls::Session {
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { ssl.reset(); }  // first: freeing may call the BIO, which uses the rest
  std::shared_ptr<const crypto::Certificate> certificate;
  Role role = Role::server;
  std::unique_ptr<SSL, crypto::Deleter<SSL_free>> ssl;

  // Good for the length of one call only.
  const Outlet* out = nullptr;
  base::Bytes incoming;

  Stage stage = Stage::handshaking;
  bool started = false;
  std::optional<crypto::Fingerprint> expected, actual;
  std::optional<Keys> fresh;  // exported, not yet verified
  std::optional<Keys> keys;

  timeval* openssl_timer = nullptr;  // inside OpenSSL's session, as long as ssl lives
  bool repeating = false;
  base::Instant now{};
  base::Duration flight_timeout = kFirstFlightTimeout;
  base::Instant flight_due = base::Instant::never();
  base::Instant give_up = base::Instant::never();
  std::uint32_t repeated = 0;

  // Lends the outlet to OpenSSL's writes for one call.
  struct Lending {
    Session& s;
    Lending(Session& session, base::Instant at, const Outlet& outlet) : s(session) {
      s.now = at;
      s.out = &outlet;
      ERR_clear_error();
      // OpenSSL's 36 KiB a person are of use to a handshake alone, so they are there only while it works. Without them it would
      // write to nowhere (3.0: SSL_shutdown after SSL_free_buffers).
      if (SSL_alloc_buffers(s.ssl.get()) != 1) s.end(Stage::failed);
    }
    ~Lending() {
      if (SSL_is_init_finished(s.ssl.get()) != 0) (void)SSL_free_buffers(s.ssl.get());
      s.out = nullptr;
      s.incoming = {};
    }
    Lending(const Lending&) = delete;
    Lending& operator=(const Lending&) = delete;
  };

  void begin() {
    if (started) return;
    started = true;
    give_up = now + kHandshakeTimeout;
  }
  void end(Stage with) {
    stage = with;
    flight_due = give_up = base::Instant::never();
    fresh.reset();
    if (with != Stage::established) keys.reset();
  }
  void advance();
  void read_on();
  void finish_handshake();
  void verify();

  static Session& of(BIO* bio) { return *static_cast<Session*>(BIO_get_data(bio)); }
  static int write_datagram(BIO* bio, const char* data, int size);
  static int read_datagram(BIO* bio, char* to, int room);
  static long control(BIO* bio, int command, long, void* pointer);
  static BIO_METHOD* methods();
};

int Dtls::Session::write_datagram(BIO* bio, const char* data, int size) {
  auto& s = of(bio);
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  // Without an outlet it is lost, as on any network.
  if (s.out != nullptr) s.out->send({reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)});
  return size;
}

int Dtls::Session::read_datagram(BIO* bio, char* to, int room) {
  auto& s = of(bio);
  BIO_clear_retry_flags(bio);
  if (s.incoming.empty() || room <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t size = std::min(s.incoming.size(), static_cast<std::size_t>(room));
  std::memcpy(to, s.incoming.data(), size);
  s.incoming = {};  // one read is one datagram; what does not fit is cut off
  return static_cast<int>(size);
}

long Dtls::Session::control(BIO* bio, int command, long, void* pointer) {
  auto& s = of(bio);
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT: {
      s.openssl_timer = static_cast<timeval*>(pointer);
      const bool set = s.openssl_timer->tv_sec != 0 || s.openssl_timer->tv_usec != 0;
      if (set && !s.repeating) s.flight_timeout = kFirstFlightTimeout;  // a new flight
      s.flight_due = set ? s.now + s.flight_timeout : base::Instant::never();
      return 1;
    }
    default:
      return 0;  // BIO_CTRL_DGRAM_GET_MTU_OVERHEAD too: kDtlsMtu counts the UDP payload only
  }
}

BIO_METHOD* Dtls::Session::methods() {
  static BIO_METHOD* const table = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (m == nullptr) return m;
    BIO_meth_set_write(m, write_datagram);
    BIO_meth_set_read(m, read_datagram);
    BIO_meth_set_ctrl(m, control);
    return m;
  }();
  return table;
}

// One step of the handshake, or of what follows it, with what has arrived.
void Dtls::Session::advance() {
  if (SSL_is_init_finished(ssl.get()) == 0) {
    const int result = SSL_do_handshake(ssl.get());
    if (result != 1) {
      const int why = SSL_get_error(ssl.get(), result);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) end(Stage::failed);
      return;
    }
    finish_handshake();
  }
  read_on();
}

// After the handshake: a repeated last flight of the other side (OpenSSL answers it), alerts, data that nobody asked
// for.
void Dtls::Session::read_on() {
  std::array<std::uint8_t, 2'048> dropped;
  int result = 0;
  do {
    result = SSL_read(ssl.get(), dropped.data(), static_cast<int>(dropped.size()));
  } while (result > 0);
  const int why = SSL_get_error(ssl.get(), result);
  if (why == SSL_ERROR_ZERO_RETURN)
    end(Stage::closed);
  else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
    end(Stage::failed);
}

void Dtls::Session::finish_handshake() {
  const SRTP_PROTECTION_PROFILE* chosen = SSL_get_selected_srtp_profile(ssl.get());
  const X509* certificate_shown = SSL_get0_peer_certificate(ssl.get());
  if (chosen == nullptr || certificate_shown == nullptr) return end(Stage::failed);
  actual = crypto::fingerprint_of(certificate_shown);

  Keys k;
  k.profile = chosen->id == SRTP_AEAD_AES_128_GCM ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_hmac_sha1_80;
  // RFC 5764 section 4.2: client key, server key, client salt, server salt.
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  const std::size_t salt = srtp_salt_size(k.profile);
  std::array<std::uint8_t, 60> block;
  if (SSL_export_keying_material(ssl.get(), block.data(), 32 + 2 * salt, kLabel.data(), kLabel.size(), nullptr, 0, 0) !=
      1)
    return end(Stage::failed);
  SrtpMaster& client = role == Role::client ? k.sending : k.receiving;
  SrtpMaster& server = role == Role::client ? k.receiving : k.sending;
  std::copy_n(block.data(), 16, client.key.begin());
  std::copy_n(block.data() + 16, 16, server.key.begin());
  std::copy_n(block.data() + 32, salt, client.salt.begin());
  std::copy_n(block.data() + 32 + salt, salt, server.salt.begin());
  crypto::wipe(block);
  fresh = k;
  stage = Stage::unverified;
  give_up = base::Instant::never();
  verify();
}

// RFC 5763 section 5: the certificate shown is the one that the SDP named.
void Dtls::Session::verify() {
  if (stage != Stage::unverified || !expected || !actual) return;
  if (*expected != *actual) return end(Stage::failed);
  keys = fresh;
  end(Stage::established);
}

Dtls::Dtls(std::shared_ptr<const crypto::Certificate> certificate, Role role, std::optional<SrtpProfile> only)
    : session_(std::make_unique<Session>()) {
  auto& s = *session_;
  s.certificate = std::move(certificate);
  s.role = role;
  s.ssl.reset(SSL_new(s.certificate->keys().dtls.get()));
  BIO* bio = Session::methods() != nullptr ? BIO_new(Session::methods()) : nullptr;
  if (s.ssl == nullptr || bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &s);
  BIO_set_init(bio, 1);
  SSL_set_bio(s.ssl.get(), bio, bio);
  SSL_set_mtu(s.ssl.get(), static_cast<long>(kDtlsMtu));
  if (only)
    SSL_set_tlsext_use_srtp(s.ssl.get(), *only == SrtpProfile::aead_aes_128_gcm ? "SRTP_AEAD_AES_128_GCM" : "SRTP_AES128_CM_SHA1_80");
  DTLS_set_timer_cb(s.ssl.get(), never_by_itself);
  if (role == Role::client)
    SSL_set_connect_state(s.ssl.get());
  else
    SSL_set_accept_state(s.ssl.get());
}
Dtls::~Dtls() = default;

void Dtls::expect(const crypto::Fingerprint& fingerprint) {
  if (session_->expected) return;
  session_->expected = fingerprint;
  session_->verify();
}

void Dtls::start(base::Now now, const Outlet& out) {
  auto& s = *session_;
  if (s.started || s.role != Role::client) return;
  const Session::Lending lending(s, now.instant, out);
  s.begin();
  s.advance();
}

void Dtls::handle(base::Now now, base::Bytes datagram, const Outlet& out) {
  auto& s = *session_;
  if (s.stage == Stage::failed || s.stage == Stage::closed || (s.role == Role::client && !s.started)) return;
  const Session::Lending lending(s, now.instant, out);
  s.begin();
  s.incoming = datagram;
  s.advance();
}

void Dtls::on_timer(base::Now now, const Outlet& out) {
  auto& s = *session_;
  if (now.instant >= s.give_up) return s.end(Stage::failed);
  if (now.instant < s.flight_due || s.openssl_timer == nullptr) return;
  const Session::Lending lending(s, now.instant, out);
  s.flight_timeout = std::min(s.flight_timeout * 2, kLongestFlightTimeout);
  s.flight_due = base::Instant::never();
  s.repeating = true;
  *s.openssl_timer = {.tv_sec = 1, .tv_usec = 0};  // long ago: now OpenSSL finds its flight late, too
  const long result = DTLSv1_handle_timeout(s.ssl.get());
  s.repeating = false;
  ++s.repeated;
  if (result < 0) s.end(Stage::failed);
}

base::Instant Dtls::next_timeout() const { return std::min(session_->flight_due, session_->give_up); }

void Dtls::close(const Outlet& out) {
  auto& s = *session_;
  if (s.stage == Stage::failed || s.stage == Stage::closed) return;
  const Session::Lending lending(s, s.now, out);
  if (SSL_is_init_finished(s.ssl.get()) != 0) SSL_shutdown(s.ssl.get());
  s.end(Stage::closed);
}

Dtls::Stage Dtls::stage() const { return session_->stage; }
const std::optional<Dtls::Keys>& Dtls::keys() const { return session_->keys; }
std::uint32_t Dtls::flights_repeated() const { return session_->repeated; }

}  // namespace transport
