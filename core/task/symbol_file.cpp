// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/symbol_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>
#include <span>
#include <utility>

namespace torc::task {
namespace {

/// A file's bytes, none if it cannot be read.
class mapped_file {
 public:
  explicit mapped_file(const char* path) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat facts {};
    if (::fstat(file, &facts) == 0 && facts.st_size > 0) {
      const auto size = static_cast<std::size_t>(facts.st_size);
      void* const begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
      if (begin != MAP_FAILED) m_bytes = {static_cast<const std::byte*>(begin), size};
    }
    ::close(file);
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file() {
    if (!m_bytes.empty()) ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
  }

  /// So many objects that begin at an offset; none if they do not lie within the file.
  template <class T>
  std::span<const T> at(std::uint64_t offset, std::uint64_t count) const noexcept {
    if (offset > m_bytes.size() || offset % alignof(T) != 0 || count > (m_bytes.size() - offset) / sizeof(T)) return {};
    return {reinterpret_cast<const T*>(m_bytes.data() + offset), static_cast<std::size_t>(count)};
  }

 private:
  std::span<const std::byte> m_bytes;
};

std::string name_among(std::span<const ElfW(Sym)> symbols, std::span<const char> names, std::uintptr_t value) {
  for (const ElfW(Sym) & one : symbols) {
    const bool is_function = ELF64_ST_TYPE(one.st_info) == STT_FUNC && one.st_shndx != SHN_UNDEF;
    if (!is_function || one.st_value != value || one.st_name >= names.size()) continue;
    const char* const name = names.data() + one.st_name;
    return std::string(name, ::strnlen(name, names.size() - one.st_name));
  }
  return {};
}

std::string look_for(const char* path, std::uintptr_t value) {
  const mapped_file file(path);
  const auto header = file.at<ElfW(Ehdr)>(0, 1);
  if (header.empty() || std::memcmp(header[0].e_ident, ELFMAG, SELFMAG) != 0 ||
      header[0].e_shentsize != sizeof(ElfW(Shdr))) {
    return {};
  }
  const auto sections = file.at<ElfW(Shdr)>(header[0].e_shoff, header[0].e_shnum);
  for (const ElfW(Shdr) & section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    const ElfW(Shdr)& strings = sections[section.sh_link];
    const auto symbols = file.at<ElfW(Sym)>(section.sh_offset, section.sh_size / sizeof(ElfW(Sym)));
    return name_among(symbols, file.at<char>(strings.sh_offset, strings.sh_size), value);
  }
  return {};
}

}  // namespace

std::string name_in_file(const std::string& path, std::uintptr_t value) {
  // Never destroyed: tasks are named until the process has ended.
  static auto* const mutex = new std::mutex;
  static auto* const known = new std::map<std::pair<std::string, std::uintptr_t>, std::string>;
  const std::scoped_lock lock(*mutex);
  const auto [found, is_new] = known->try_emplace({path, value});
  if (is_new) found->second = look_for(path.c_str(), value);
  return found->second;
}

}  // namespace torc::task
