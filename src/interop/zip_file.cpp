// SPDX-License-Identifier: Apache-2.0
// See zip_file.h.
#include "interop/zip_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace interop {
namespace {

la_ssize_t append(archive*, void* to, const void* bytes, size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

bool add(archive* to, const FileInZip& file, base::WallTime at) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  if (!entry) return false;
  archive_entry_set_pathname_utf8(entry.get(), file.name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.get().size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), at.us / 1'000'000, 0);
  return archive_write_header(to, entry.get()) == ARCHIVE_OK &&
         archive_write_data(to, file.content.get().data(), file.content.get().size()) == static_cast<la_ssize_t>(file.content.get().size());
}

}  // namespace

base::Result<base::Redacted<std::string>, ZipError> zip_of(const std::vector<FileInZip>& files, base::WallTime at) {
  std::string out;
  const std::unique_ptr<archive, int (*)(archive*)> zip(archive_write_new(), archive_write_free);
  bool good = zip && archive_write_set_format_zip(zip.get()) == ARCHIVE_OK && archive_write_set_bytes_in_last_block(zip.get(), 1) == ARCHIVE_OK &&
              archive_write_open(zip.get(), &out, nullptr, append, nullptr) == ARCHIVE_OK;
  for (const auto& file : files) good = good && add(zip.get(), file, at);
  good = good && archive_write_close(zip.get()) == ARCHIVE_OK;
  if (!good) return std::unexpected(ZipError::failed);
  return base::Redacted<std::string>(std::move(out));
}

}  // namespace interop
