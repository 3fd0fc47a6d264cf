// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/codec.hpp>
#include <torc/detail/entry.hpp>
#include <torc/expected.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace torc::detail {

/// What a task of map(as_expected, …) brings home.
template <class R>
struct value_codec<std::vector<expected<R>>> {
  static void write(output_archive& out, const std::vector<expected<R>>& results) {
    out(cereal::make_size_tag(static_cast<cereal::size_type>(results.size())));
    for (const expected<R>& result : results) {
      out(static_cast<std::uint8_t>(result.has_value() ? 1 : 0));
      if (!result.has_value()) {
        encode_failure(out, result.error());
      } else if constexpr (!std::is_void_v<R>) {
        value_codec<R>::write(out, *result);
      }
    }
  }
  static void read_at(input_archive& in, std::vector<expected<R>>* where) {
    cereal::size_type size = 0;
    in(cereal::make_size_tag(size));
    std::vector<expected<R>> results;
    for (cereal::size_type i = 0; i < size; ++i) {
      std::uint8_t has_value = 0;
      in(has_value);
      if (has_value == 0) {
        results.emplace_back(decode_failure(in));
      } else if constexpr (std::is_void_v<R>) {
        results.emplace_back(std::in_place);
      } else {
        results.emplace_back(std::in_place, value_codec<R>::read(in));
      }
    }
    ::new (static_cast<void*>(where)) std::vector<expected<R>>(std::move(results));
  }
};

}  // namespace torc::detail
