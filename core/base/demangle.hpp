// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <typeinfo>

namespace torc::base {

/// The C++ name that a symbol or a type_info's name stands for, with strings and containers as a programmer would write
/// them; the text itself if it stands for none.
std::string demangle(const char* symbol);

/// The name of a type as a programmer would write it.
template <class T>
std::string type_name() {
  return demangle(typeid(T).name());
}

}  // namespace torc::base
