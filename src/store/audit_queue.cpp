// SPDX-License-Identifier: Apache-2.0
// See audit_queue.h.
#include "store/audit_queue.h"

#include <iterator>

namespace store {

base::Result<void, StoreError> AuditQueue::write(std::vector<AuditEntry> entries) {
  if (entries.empty()) return {};
  std::unique_lock lock(mutex_);
  if (!gathering_) gathering_ = std::make_shared<Batch>();
  const auto mine = gathering_;
  mine->entries.insert(mine->entries.end(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
  changed_.wait(lock, [&] { return mine->done || !writing_; });
  if (mine->done) return mine->result;
  writing_ = true;
  gathering_ = nullptr;  // who comes from now on gathers for the next
  lock.unlock();
  auto transaction = pool_.write();
  append_audit(*transaction, mine->entries);
  const auto result = transaction->commit();
  transaction = nullptr;
  lock.lock();
  mine->result = result;
  mine->done = true;
  writing_ = false;
  changed_.notify_all();
  return result;
}

}  // namespace store
