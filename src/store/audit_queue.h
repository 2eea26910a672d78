// SPDX-License-Identifier: Apache-2.0
// Audit rows of reads, written before the answer leaves. Many readers at once share one commit: the first in line writes for
// all who wait, so that a disk that takes a few milliseconds a commit does not bound how many pages can be read. Not here:
// rows of changes, which stand in the change's own transaction (audit_trail.h). Any thread; write() blocks.
#pragma once
#include <condition_variable>
#include <mutex>
#include <vector>

#include "store/audit_trail.h"
#include "store/pool.h"

namespace store {

class AuditQueue {
 public:
  explicit AuditQueue(Pool& pool) : pool_(pool) {}
  // Returns when they are on the disk, or why they are not: then nothing that was read may be shown.
  [[nodiscard]] base::Result<void, StoreError> write(std::vector<AuditEntry> entries);

 private:
  struct Batch {
    std::vector<AuditEntry> entries;
    bool done = false;
    base::Result<void, StoreError> result;
  };
  Pool& pool_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Batch> gathering_;
  bool writing_ = false;
};

}  // namespace store
