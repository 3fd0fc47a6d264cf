// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>

#include <cereal/types/array.hpp>
#include <cereal/types/bitset.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/complex.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/forward_list.hpp>
#include <cereal/types/functional.hpp>
#include <cereal/types/list.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/queue.hpp>
#include <cereal/types/set.hpp>
#include <cereal/types/stack.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/tuple.hpp>
#include <cereal/types/unordered_map.hpp>
#include <cereal/types/unordered_set.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include <map>
#include <set>
#include <utility>

/// The types of the standard library that travel, so that classes of users need not include cereal's headers for them.
namespace torc::detail {

// cereal would give equal elements back in reversed order. More specialised than its functions, and so preferred.
template <class K, class C, class A>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::multiset<K, C, A>& values) {
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  values.clear();
  for (cereal::size_type i = 0; i < size; ++i) {
    K value;
    archive(value);
    values.emplace_hint(values.end(), std::move(value));
  }
}
template <class K, class T, class C, class A>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::multimap<K, T, C, A>& values) {
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  values.clear();
  for (cereal::size_type i = 0; i < size; ++i) {
    K key;
    T value;
    archive(key, value);
    values.emplace_hint(values.end(), std::move(key), std::move(value));
  }
}

}  // namespace torc::detail
