// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/identity.hpp"

#include <fmt/format.h>

#include <torc/error.hpp>

#include "core/task/modules.hpp"

namespace torc::task {
namespace {

/// The place that `named` names, with so many bytes of a kind of segment; null if it is not here.
const void* find(identity named, std::uint64_t size_bytes, std::uint32_t permissions) {
  const module* const found = module_of(named.module);
  return found != nullptr ? found->at(named.offset, size_bytes, permissions) : nullptr;
}

}  // namespace

identity identify(const void* address) {
  const module* const found = module_around(address);
  if (found == nullptr) {
    throw identity_error(
        fmt::format("{} is in no program or shared library, so other nodes cannot know what it is", address));
  }
  return {found->id(), reinterpret_cast<std::uintptr_t>(address) - found->bias};
}

const void* resolve(identity named) { return find(named, 1, 0); }

const void* resolve_function(identity named) { return find(named, 1, PF_X); }

std::vector<module_info> modules() {
  std::vector<module_info> all;
  for (const auto& m : loaded_modules()) all.push_back({m->id(), m->path});
  return all;
}

identity identify(const detail::task_codec& codec) { return identify(static_cast<const void*>(&codec)); }

/// AddressSanitizer would complain of what lies between two constants, and that is where a wrong offset leads.
__attribute__((no_sanitize("address"))) const detail::task_codec* resolve_codec(identity named) {
  const void* const place = find(named, sizeof(detail::task_codec), PF_R);
  if (place == nullptr || reinterpret_cast<std::uintptr_t>(place) % alignof(detail::task_codec) != 0) return nullptr;
  const auto* const codec = static_cast<const detail::task_codec*>(place);
  return codec->magic == detail::task_codec_magic ? codec : nullptr;
}

}  // namespace torc::task
