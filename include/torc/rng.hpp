// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <torc/detail/path.hpp>
#include <type_traits>

namespace torc {

class rng_engine;

namespace detail {

/// Which of the streams with the same key: a word of the counter, so that streams of two kinds never overlap.
enum class rng_domain : std::uint64_t { task = 0, named = 1 };

/// One block of Philox4x64-10 for the key {key0, key1}.
std::array<std::uint64_t, 4> philox_block(std::uint64_t key0, std::uint64_t key1,
                                          std::array<std::uint64_t, 4> counter) noexcept;

/// `TORC_SEED` of the running session.
std::uint64_t session_seed() noexcept;

/// The engine of the task that is running.
rng_engine& current_task_rng();

}  // namespace detail

/// A random engine with streams that are independent by construction: Philox4x64-10, a function of key and counter
/// (Salmon et al., SC'11, doi:10.1145/2063384.2063405). Satisfies std::uniform_random_bit_generator, so it feeds the
/// distributions of the standard library; copies continue alike. A stream has 2^66 values.
/// Not to be shared by threads without a lock.
class rng_engine {
 public:
  using result_type = std::uint64_t;

  /// Stream number `stream` of `seed`, at its beginning. Costs nothing until the first value is drawn.
  explicit rng_engine(std::uint64_t seed = 0, std::uint64_t stream = 0,
                      detail::rng_domain domain = detail::rng_domain::task) noexcept
      : m_seed(seed), m_stream(stream), m_domain(domain) {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  /// The next value.
  result_type operator()() noexcept {
    if (m_used == block_size) next_block();
    return m_buffer[m_used++];
  }

  /// Skips n values, in constant time.
  void discard(std::uint64_t n) noexcept {
    const std::uint64_t left = block_size - m_used;
    if (n <= left) {
      m_used += static_cast<std::uint32_t>(n);
      return;
    }
    n -= left;
    m_block += n / block_size;
    m_used = block_size;
    if (n % block_size != 0) {
      next_block();
      m_used = static_cast<std::uint32_t>(n % block_size);
    }
  }

  /// Whether both will give the same values from here on.
  friend bool operator==(const rng_engine& a, const rng_engine& b) noexcept {
    return a.m_seed == b.m_seed && a.m_stream == b.m_stream && a.m_domain == b.m_domain && a.m_block == b.m_block &&
           a.m_used == b.m_used;
  }

 private:
  static constexpr std::uint32_t block_size = 4;

  void next_block() noexcept {
    m_buffer = detail::philox_block(m_seed, m_stream, {m_block, 0, 0, static_cast<std::uint64_t>(m_domain)});
    ++m_block;
    m_used = 0;
  }

  std::uint64_t m_seed;
  std::uint64_t m_stream;
  std::uint64_t m_block = 0;  // of the next block; the buffer holds the one before it
  std::array<std::uint64_t, block_size> m_buffer{};
  detail::rng_domain m_domain;
  std::uint32_t m_used = block_size;  // values of the buffer that were drawn
};

/// What can name a stream: integers, enums and texts.
template <class Key>
concept rng_key = std::is_integral_v<Key> || std::is_enum_v<Key> || std::convertible_to<const Key&, std::string_view>;

namespace detail {

/// Hashes of stream names: part of what makes runs repeatable, hence the same on every platform and never changed.
/// A text is hashed by FNV-1a over its bytes; an integer stands for itself modulo 2^64. Each key is mixed into the
/// hash of those before it by mix_path, texts and integers from different starting points.
template <class Key>
constexpr std::uint64_t mix_key(std::uint64_t hash, const Key& key) noexcept {
  if constexpr (std::is_enum_v<Key>) {
    return mix_path(hash, static_cast<std::uint64_t>(static_cast<std::underlying_type_t<Key>>(key)));
  } else if constexpr (std::is_same_v<Key, char>) {
    return mix_path(hash, static_cast<unsigned char>(key));  // whether char has a sign differs between platforms
  } else if constexpr (std::is_integral_v<Key>) {
    return mix_path(hash, static_cast<std::uint64_t>(key));
  } else {
    std::uint64_t fnv = 0xcbf29ce484222325U;
    for (const char c : std::string_view(key)) fnv = (fnv ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mix_path(~hash, fnv);
  }
}

template <class... Keys>
constexpr std::uint64_t hash_keys(const Keys&... keys) noexcept {
  std::uint64_t hash = root_path;
  ((hash = mix_key(hash, keys)), ...);
  return hash;
}

}  // namespace detail

/// The engine of the running task. Its values depend on `TORC_SEED` and on the task's place in the tree of tasks
/// alone, not on workers, ranks or stealing. The reference is valid until the task's body ends.
/// Throws torc::task_error outside a task.
inline rng_engine& task_rng() { return detail::current_task_rng(); }

/// A new engine at the beginning of the stream that the keys name, such as `rng("noise", step, i)`.
/// The same keys and `TORC_SEED` give the same values everywhere; it never overlaps a task_rng.
template <rng_key... Keys>
[[nodiscard]] rng_engine rng(const Keys&... keys) noexcept {
  static_assert(sizeof...(Keys) > 0, "torc::rng needs at least one key: a stream without a name is torc::task_rng()");
  return rng_engine(detail::session_seed(), detail::hash_keys(keys...), detail::rng_domain::named);
}

}  // namespace torc
