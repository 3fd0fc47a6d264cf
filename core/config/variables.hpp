// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <torc/options.hpp>

namespace torc::config {

/// One environment variable. What there is to know of it stands here and nowhere else: the check of names and values,
/// the defaults shown, `TORC_HELP` and the README's table follow from it.
struct variable {
  std::string_view name;
  std::string_view member;  ///< of torc::options; empty for TORC_HELP, which has none
  std::string_view type;    ///< for readers: "count", "boolean", …
  std::string_view unit;    ///< of a plain number; empty if it has none
  std::string_view help;

  /// Sets the member; false if the text is malformed. The range is is_allowed's.
  bool (*parse)(std::string_view text, options& into);
  bool (*is_allowed)(const options& given);
  /// Ends the sentence "allowed is …".
  std::string (*allowed)();
  /// The member's value in a form that parse() takes, or "unset"; the default is that of options{}.
  std::string (*show)(const options& given);
};

/// All of them, in the order in which they are shown.
std::span<const variable> variables() noexcept;

}  // namespace torc::config
