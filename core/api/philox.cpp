// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <Random123/philox.h>

#include <torc/rng.hpp>

namespace torc::detail {

std::array<std::uint64_t, 4> philox_block(std::uint64_t key0, std::uint64_t key1,
                                          std::array<std::uint64_t, 4> counter) noexcept {
  const r123::Philox4x64::ctr_type in{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x64::key_type key{{key0, key1}};
  const r123::Philox4x64::ctr_type out = r123::Philox4x64()(in, key);
  return {out[0], out[1], out[2], out[3]};
}

}  // namespace torc::detail
