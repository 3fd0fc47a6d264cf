// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc {

/// Specialise as true for a class whose bytes alone are its value: `template <> inline constexpr bool
/// torc::is_bitwise<point> = true;` It then travels between nodes by copying its bytes. Requires a trivially copyable
/// type without pointers.
template <class T>
inline constexpr bool is_bitwise = false;

}  // namespace torc
