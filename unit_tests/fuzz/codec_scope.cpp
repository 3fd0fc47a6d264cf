// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/entry.hpp>

/// The fuzzer has no workers that could submit or wait while a value is being read.
torc::detail::codec_scope::codec_scope() noexcept : m_worker(nullptr) {}
torc::detail::codec_scope::~codec_scope() = default;
