// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/modules.hpp"

#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <mutex>
#include <string_view>

namespace torc::task {
namespace {

/// How often modules were loaded and unloaded.
struct load_counts {
  unsigned long long adds = 0;
  unsigned long long subs = 0;
  friend bool operator==(const load_counts&, const load_counts&) = default;
};

/// What was loaded at one time. Never changed and never freed, so that it is read without a lock; there are as many as
/// the program has loaded and unloaded libraries between two questions.
struct snapshot {
  load_counts counts;
  std::vector<std::shared_ptr<const module>> modules;
  /// Keeps the older ones within reach of who looks for leaks.
  const snapshot* previous = nullptr;
};

std::atomic<const snapshot*> latest{nullptr};
std::mutex refresh_mutex;

load_counts current_counts() noexcept {
  load_counts counts;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<load_counts*>(result) = {info->dlpi_adds, info->dlpi_subs};
        return 1;
      },
      &counts);
  return counts;
}

std::string program_path() {
  std::array<char, 4096> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : "the program";
}

std::shared_ptr<module> describe(const dl_phdr_info& info) {
  auto described = std::make_shared<module>();
  described->bias = info.dlpi_addr;
  described->path = info.dlpi_name != nullptr ? info.dlpi_name : "";
  described->begin = std::numeric_limits<std::uintptr_t>::max();
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info.dlpi_phdr[i];
    const std::uintptr_t begin = info.dlpi_addr + header.p_vaddr;
    const module::segment part{begin, begin + header.p_memsz, header.p_flags};
    if (header.p_type == PT_NOTE) described->notes.push_back(part);
    if (header.p_type != PT_LOAD) continue;
    described->segments.push_back(part);
    described->begin = std::min(described->begin, part.begin);
    described->end = std::max(described->end, part.end);
  }
  return described;
}

int collect(dl_phdr_info* info, std::size_t, void* result) {
  auto& made = *static_cast<snapshot*>(result);
  made.counts = {info->dlpi_adds, info->dlpi_subs};
  const std::string_view name = info->dlpi_name != nullptr ? info->dlpi_name : "";
  if (name.starts_with("linux-vdso") || name.starts_with("linux-gate")) return 0;  // the kernel's, of no file
  auto described = describe(*info);
  if (made.modules.empty()) {
    described->path = program_path();  // the dynamic linker names the program first, and without a name
  }
  made.modules.push_back(std::move(described));
  return 0;
}

bool is_same(const module& a, const module& b) {
  return a.bias == b.bias && a.begin == b.begin && a.end == b.end && a.path == b.path;
}

/// Looks again, if anything was loaded or unloaded since `old`.
const snapshot& refresh(const snapshot* old) {
  const std::scoped_lock lock(refresh_mutex);
  const snapshot* const newest = latest.load(std::memory_order_acquire);
  if (newest != nullptr && newest != old && newest->counts == current_counts()) return *newest;
  auto made = std::make_unique<snapshot>();
  dl_iterate_phdr(&collect, made.get());
  if (newest != nullptr && newest->counts == made->counts) return *newest;
  if (newest != nullptr && newest->counts.subs == made->counts.subs) {
    // Nothing went away in between: what was there is what it was, and its id need not be found again.
    for (auto& m : made->modules) {
      for (const auto& known : newest->modules) {
        if (is_same(*m, *known)) m = known;
      }
    }
  }
  made->previous = newest;
  latest.store(made.get(), std::memory_order_release);
  return *made.release();
}

const snapshot& any_snapshot() {
  const snapshot* const known = latest.load(std::memory_order_acquire);
  return known != nullptr ? *known : refresh(nullptr);
}

const snapshot& current_snapshot() {
  const snapshot& known = any_snapshot();
  return known.counts == current_counts() ? known : refresh(&known);
}

std::uint64_t id_of_bytes(const unsigned char* bytes, std::size_t count) noexcept {
  std::uint64_t id = 0;
  std::memcpy(&id, bytes, std::min(count, sizeof id));
  return id;
}

/// The GNU build id among the notes; 0 if there is none.
std::uint64_t build_id(const std::vector<module::segment>& notes) noexcept {
  const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
  for (const module::segment& note : notes) {
    std::uintptr_t at = note.begin;
    while (note.end - at >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) header;
      std::memcpy(&header, reinterpret_cast<const void*>(at), sizeof header);
      at += sizeof header;
      const std::size_t size = padded(header.n_namesz) + padded(header.n_descsz);
      if (size > note.end - at) break;
      const auto* const name = reinterpret_cast<const unsigned char*>(at);
      if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
        return id_of_bytes(name + padded(header.n_namesz), header.n_descsz);
      }
      at += size;
    }
  }
  return 0;
}

/// Of what a module holds and no relocation changes. Not against malice: two builds only have to differ.
/// AddressSanitizer would complain of the gaps between constants.
__attribute__((no_sanitize("address"))) std::uint64_t hash_of(const std::vector<module::segment>& segments) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const module::segment& s : segments) {
    if ((s.permissions & (PF_R | PF_W)) != PF_R) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(s.begin);
    std::size_t left = s.end - s.begin;
    while (left != 0) {
      std::uint64_t word = left;
      if (left >= sizeof word) {
        __builtin_memcpy(&word, at, sizeof word);
      } else {
        for (std::size_t i = 0; i < left; ++i) word = word << 8U | at[i];
      }
      hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
      hash ^= hash >> 29U;
      const std::size_t taken = std::min(left, sizeof word);
      at += taken;
      left -= taken;
    }
  }
  return hash;
}

}  // namespace

std::uint64_t module::find_id() const {
  std::uint64_t id = build_id(notes);
  if (id == 0) id = hash_of(segments);
  if (id == 0) id = 1;
  m_id.store(id, std::memory_order_relaxed);
  return id;
}

const module* module_around(const void* address) {
  const snapshot& known = any_snapshot();
  if (known.modules.front()->contains(address)) [[likely]] {
    return known.modules.front().get();
  }
  for (const auto& m : current_snapshot().modules) {
    if (m->contains(address)) return m.get();
  }
  return nullptr;
}

const module* module_of(std::uint64_t id) {
  const snapshot& known = any_snapshot();
  if (known.modules.front()->id() == id) [[likely]] {
    return known.modules.front().get();
  }
  for (const auto& m : current_snapshot().modules) {
    if (m->id() == id) return m.get();
  }
  return nullptr;
}

const std::vector<std::shared_ptr<const module>>& loaded_modules() { return current_snapshot().modules; }

}  // namespace torc::task
