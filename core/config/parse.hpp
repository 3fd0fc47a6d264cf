// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Texts to values and back. Nothing but a whole, well-formed value is accepted: no blanks around it, no trailing
/// letters.
namespace torc::config {

std::optional<std::int64_t> parse_integer(std::string_view text);

std::optional<std::uint64_t> parse_unsigned(std::string_view text);

/// A finite decimal number.
std::optional<double> parse_number(std::string_view text);

/// true, yes, on, 1, false, no, off or 0, in any case.
std::optional<bool> parse_boolean(std::string_view text);

/// A whole number of bytes, or with K, M or G (also KB, KiB, …, in any case; after one space, if any) of 2^10, 2^20 or
/// 2^30 bytes.
std::optional<std::size_t> parse_size(std::string_view text);

/// The largest unit that gives a whole number: "1 MiB", "1000 B".
std::string show_size(std::size_t bytes);

/// Whether the texts are equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The least number of letters to insert, delete or replace that makes one text of the other (Levenshtein 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace torc::config
