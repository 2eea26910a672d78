// SPDX-License-Identifier: Apache-2.0
// See pool.h.
#include "store/pool.h"

namespace store {
namespace {

// Stands in where no connection can be had: everything asked of it is unavailable.
class NoConnection final : public Connection {
 public:
  explicit NoConnection(Dialect d) : dialect_(d) {}
  Dialect dialect() const override { return dialect_; }
  bool usable() const override { return false; }
  base::Result<std::unique_ptr<Cursor>, StoreError> prepare(std::string_view) override {
    return std::unexpected(StoreError::unavailable);
  }
  base::Result<void, StoreError> execute(std::string_view) override { return std::unexpected(StoreError::unavailable); }

 private:
  Dialect dialect_;
};

}  // namespace

Dialect dialect_of(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://") ? Dialect::postgresql : Dialect::sqlite;
}

base::Result<std::unique_ptr<Connection>, StoreError> open_connection(const std::string& url) {
  if (dialect_of(url) == Dialect::postgresql) return open_postgres(url);
  constexpr std::string_view kScheme = "sqlite:";
  return open_sqlite(url.starts_with(kScheme) ? url.substr(kScheme.size()) : url);
}

Pool::Pool(std::string url, unsigned connections) : url_(std::move(url)), dialect_(dialect_of(url_)) {
  readers_.most = connections;
  writers_.most = dialect_ == Dialect::sqlite ? 1 : connections;
}
Pool::~Pool() = default;

base::Result<std::unique_ptr<Pool>, StoreError> Pool::open(const std::string& url, unsigned connections) {
  auto first = open_connection(url);
  if (!first) return std::unexpected(first.error());
  std::unique_ptr<Pool> pool(new Pool(url, connections));
  pool->writers_.idle.push_back(std::move(*first));
  return pool;
}

void Pool::tidy() {
  if (dialect_ != Dialect::sqlite) return;
  const std::lock_guard lock(tidying_);
  if (!tidier_) {
    auto opened = open_connection(url_);
    if (!opened) return;
    tidier_ = std::move(*opened);
  }
  // PASSIVE waits for nobody: what readers still need stays for the next time.
  (void)tidier_->execute("PRAGMA wal_checkpoint(PASSIVE)");
}

std::unique_ptr<Transaction> Pool::read() { return take(readers_, Transaction::Kind::read); }
std::unique_ptr<Transaction> Pool::write() { return take(writers_, Transaction::Kind::write); }

std::unique_ptr<Transaction> Pool::take(Shelf& from, Transaction::Kind kind) {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return from.out < from.most; });
    ++from.out;
    if (!from.idle.empty()) {
      connection = std::move(from.idle.back());
      from.idle.pop_back();
    }
  }
  if (!connection) {
    auto opened = open_connection(url_);
    if (opened) {
      connection = std::move(*opened);
    } else {
      connection = std::make_unique<NoConnection>(dialect_);
    }
  }
  auto back = [this, &from](std::unique_ptr<Connection> c) { give_back(from, std::move(c)); };
  return std::make_unique<Transaction>(std::move(connection), kind, std::move(back));
}

void Pool::give_back(Shelf& to, std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --to.out;
    if (connection->usable()) {
      to.idle.push_back(std::move(connection));
    } else {
      to.idle.clear();  // the others stood on the same line
    }
  }
  freed_.notify_all();
}

}  // namespace store
