// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace CLI {
class App;
}

namespace examples {

/// Exit status of a program that was given bad input; torc uses it for bad configuration.
inline constexpr int bad_input = 2;

/// The values that an option may have, both ends included.
template <class T>
struct range {
  T least = std::numeric_limits<T>::lowest();
  T most = std::numeric_limits<T>::max();
};

/// What the range of a variable is given in: its type, or that of its elements. Unsigned numbers end at 2^63 - 1.
template <class Variable>
struct bound {
  using type = std::conditional_t<std::is_unsigned_v<Variable>, std::int64_t, Variable>;
};
template <class T>
struct bound<std::optional<T>> : bound<T> {};
template <class T>
struct bound<std::vector<T>> : bound<T> {};

/// The command line of a program, read into variables of the program by CLI11, which compiles slowly and so is known to
/// command_line.cpp only.
///
///   int count = 10;
///   examples::command_line line("Does something.", "something");
///   line.add("-c,--count", count, "how often", {1, 1000});
///   if (const auto status = line.parse(argc, argv)) return *status;
class command_line {
 public:
  /// Messages and help call the program what it was started as if no name is given.
  explicit command_line(const std::string& description, const std::string& program = "");
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;
  ~command_line();

  /// An option with its names, such as "-n,--number"; a name without dashes is that of an argument, which must be
  /// given. The variable must outlive parse(). Its value now is what help gives as the default; an empty std::optional
  /// has none. A std::vector takes numbers with commas between them.
  ///
  /// Variables may be int, std::int64_t, std::uint64_t, double, std::string and std::filesystem::path, std::optional of
  /// int, double and std::string, and std::vector of int and double.
  template <class Variable>
  void add(const std::string& names, Variable& variable, const std::string& what);
  /// With the range of the numbers that are allowed.
  template <class Variable>
  void add(const std::string& names, Variable& variable, const std::string& what,
           const range<typename bound<Variable>::type>& allowed);
  /// With the first and the last of the enumerators that are allowed; the user gives its number.
  template <class Enum>
  requires std::is_enum_v<Enum>
  void add(const std::string& names, Enum& variable, const std::string& what,
           const range<typename bound<Enum>::type>& allowed) {
    add_enum(names, static_cast<int>(variable), what, {static_cast<int>(allowed.least), static_cast<int>(allowed.most)},
             [&variable](int number) { variable = static_cast<Enum>(number); });
  }
  /// With the words that are allowed.
  void add(const std::string& names, std::string& variable, const std::string& what,
           const std::vector<std::string>& allowed);

  /// An option without a value: sets the variable if it is given.
  void add_flag(const std::string& names, bool& variable, const std::string& what);

  /// Reads the command line into the variables. Returns nothing when the program is to go on, else the status to end
  /// with: help was printed (0) or the input was refused (2). In SPMD code only one node should speak.
  std::optional<int> parse(int argc, const char* const* argv, bool speaks = true);

  /// Whether the option of that name was given.
  bool is_given(const std::string& name) const;

  /// Says on standard error, in one line, what is wrong with the input, and returns the status to end with.
  int refuse(const std::string& message) const;

 private:
  void add_enum(const std::string& names, int value, const std::string& what, const range<int>& allowed,
                const std::function<void(int)>& assign);

  std::unique_ptr<CLI::App> m_app;
};

}  // namespace examples
