// SPDX-License-Identifier: Apache-2.0
// The service's connections to its one database: some for reading and one for writing on SQLite, some for both on
// PostgreSQL. A connection whose line is gone is dropped and opened anew at the next asking, so a database that went away
// comes back by itself. Waiting for a free connection is bounded by their number, not by time: each is held for one
// transaction. Any thread.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/transaction.h"

namespace store {

class Pool {
 public:
  // Opens one connection at once, so that a wrong URL shows at the start.
  [[nodiscard]] static base::Result<std::unique_ptr<Pool>, StoreError> open(const std::string& url, unsigned connections);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();  // every transaction has ended by then

  // Never null. Where no connection can be had the transaction has failed from the start (`unavailable`).
  [[nodiscard]] std::unique_ptr<Transaction> read();
  [[nodiscard]] std::unique_ptr<Transaction> write();
  // Moves what was committed out of SQLite's write-ahead log, on a connection of its own, so that no commit has to wait while it is
  // done; nothing on PostgreSQL, which does it by itself. The service calls it every second; without it a commit does, now and then.
  void tidy();
  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  struct Shelf {
    std::vector<std::unique_ptr<Connection>> idle;
    unsigned out = 0, most = 1;
  };
  Pool(std::string url, unsigned connections);
  [[nodiscard]] std::unique_ptr<Transaction> take(Shelf& from, Transaction::Kind kind);
  void give_back(Shelf& to, std::unique_ptr<Connection> connection);
  std::string url_;
  Dialect dialect_;
  std::mutex mutex_;
  std::condition_variable freed_;
  Shelf readers_, writers_;
  std::mutex tidying_;
  std::unique_ptr<Connection> tidier_;
};

}  // namespace store
