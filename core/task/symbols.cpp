// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/symbols.hpp"

#include <link.h>

#include <algorithm>
#include <cstddef>

#include "core/task/symbol_file.hpp"

namespace torc::task {
namespace {

/// What a module tells the dynamic linker about the symbols that it exports.
struct symbol_table {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const std::uint32_t* gnu_hash = nullptr;
  const std::uint32_t* hash = nullptr;
};

/// The addresses in the table are moved by the bias when the module is loaded, except where it cannot be written.
template <class T>
const T* located(ElfW(Addr) where, ElfW(Addr) bias) noexcept {
  return reinterpret_cast<const T*>(where < bias ? where + bias : where);
}

symbol_table table_of(const dl_phdr_info& info) noexcept {
  symbol_table found;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    for (const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
         entry->d_tag != DT_NULL; ++entry) {
      const ElfW(Addr) where = entry->d_un.d_ptr;
      if (entry->d_tag == DT_SYMTAB) found.symbols = located<ElfW(Sym)>(where, info.dlpi_addr);
      if (entry->d_tag == DT_STRTAB) found.names = located<char>(where, info.dlpi_addr);
      if (entry->d_tag == DT_GNU_HASH) found.gnu_hash = located<std::uint32_t>(where, info.dlpi_addr);
      if (entry->d_tag == DT_HASH) found.hash = located<std::uint32_t>(where, info.dlpi_addr);
    }
  }
  return found;
}

/// Symbols from the first to the end are those that the module exports.
struct range {
  std::size_t first = 0;
  std::size_t end = 0;
};

range exported(const symbol_table& table) noexcept {
  if (table.gnu_hash == nullptr) return {0, table.hash != nullptr ? table.hash[1] : 0};
  const std::uint32_t num_buckets = table.gnu_hash[0];
  const std::uint32_t first = table.gnu_hash[1];
  const std::uint32_t num_bloom_words = table.gnu_hash[2];
  const std::uint32_t* const buckets =
      table.gnu_hash + 4 + std::size_t{num_bloom_words} * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
  const std::uint32_t* const chains = buckets + num_buckets;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < num_buckets; ++i) last = std::max(last, buckets[i]);
  if (last < first) return {};
  while ((chains[last - first] & 1U) == 0) ++last;  // the lowest bit ends a chain
  return {first, std::size_t{last} + 1};
}

std::string name_at(const dl_phdr_info& info, std::uintptr_t address) {
  const symbol_table table = table_of(info);
  if (table.symbols == nullptr || table.names == nullptr) return {};
  const range all = exported(table);
  for (std::size_t i = all.first; i < all.end; ++i) {
    const auto& one = table.symbols[i];
    const bool is_function = ELF64_ST_TYPE(one.st_info) == STT_FUNC && one.st_shndx != SHN_UNDEF;
    if (is_function && info.dlpi_addr + one.st_value == address) return table.names + one.st_name;
  }
  return {};
}

struct search {
  std::uintptr_t address;
  std::uintptr_t bias = 0;
  std::optional<symbol> found;
};

/// The list of modules, and what they are made of, stays as it is meanwhile.
int look_into(dl_phdr_info* info, std::size_t, void* argument) {
  auto& wanted = *static_cast<search*>(argument);
  std::uintptr_t begin = UINTPTR_MAX;
  bool is_here = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t at = info->dlpi_addr + header.p_vaddr;
    begin = std::min(begin, at);
    is_here = is_here || (wanted.address >= at && wanted.address - at < header.p_memsz);
  }
  if (!is_here) return 0;
  wanted.bias = info->dlpi_addr;
  wanted.found = symbol{.module = info->dlpi_name != nullptr ? info->dlpi_name : "",
                        .offset = wanted.address - begin,
                        .name = name_at(*info, wanted.address)};
  return 1;
}

}  // namespace

std::optional<symbol> symbol_at(const void* address) {
  search wanted{.address = reinterpret_cast<std::uintptr_t>(address), .found = {}};
  dl_iterate_phdr(&look_into, &wanted);
  if (wanted.found && wanted.found->name.empty()) {
    const std::string& path = wanted.found->module;
    wanted.found->name = name_in_file(path.empty() ? "/proc/self/exe" : path, wanted.address - wanted.bias);
  }
  return std::move(wanted.found);
}

}  // namespace torc::task
