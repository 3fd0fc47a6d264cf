// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

namespace examples {
namespace {

template <class T>
CLI::Option* bind(CLI::App& app, const std::string& names, T& variable, const std::string& what) {
  CLI::Option* option = app.add_option(names, variable, what);
  if (option->get_positional()) return option->required();
  return option->capture_default_str();
}

template <class T>
CLI::Option* bind(CLI::App& app, const std::string& names, std::optional<T>& variable, const std::string& what) {
  return app.add_option_function<T>(
      names, [&variable](const T& value) { variable = value; }, what);
}

template <class T>
CLI::Option* bind(CLI::App& app, const std::string& names, std::vector<T>& variable, const std::string& what) {
  return app.add_option(names, variable, what)->delimiter(',')->capture_default_str();
}

}  // namespace

command_line::command_line(const std::string& description, const std::string& program)
    : m_app(std::make_unique<CLI::App>(description, program)) {}

command_line::~command_line() = default;

template <class Variable>
void command_line::add(const std::string& names, Variable& variable, const std::string& what) {
  bind(*m_app, names, variable, what);
}

template <class Variable>
void command_line::add(const std::string& names, Variable& variable, const std::string& what,
                       const range<typename bound<Variable>::type>& allowed) {
  bind(*m_app, names, variable, what)->check(CLI::Range(allowed.least, allowed.most));
}

void command_line::add(const std::string& names, std::string& variable, const std::string& what,
                       const std::vector<std::string>& allowed) {
  bind(*m_app, names, variable, what)->check(CLI::IsMember(allowed));
}

void command_line::add_enum(const std::string& names, int value, const std::string& what, const range<int>& allowed,
                            const std::function<void(int)>& assign) {
  m_app->add_option_function<int>(names, assign, what)
      ->type_name("ENUM")
      ->check(CLI::Range(allowed.least, allowed.most))
      ->default_str(std::to_string(value));
}

void command_line::add_flag(const std::string& names, bool& variable, const std::string& what) {
  m_app->add_flag(names, variable, what);
}

std::optional<int> command_line::parse(int argc, const char* const* argv, bool speaks) {
  try {
    m_app->parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& request) {
    return speaks ? m_app->exit(request) : request.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return speaks ? refuse(error.what()) : bad_input;
  }
}

bool command_line::is_given(const std::string& name) const { return m_app->count(name) > 0; }

int command_line::refuse(const std::string& message) const {
  const std::string program = m_app->get_name();
  std::fprintf(stderr, "%s: %s (%s --help explains the options)\n", program.c_str(), message.c_str(), program.c_str());
  return bad_input;
}

using text = const std::string&;

template void command_line::add(text, int&, text);
template void command_line::add(text, std::int64_t&, text);
template void command_line::add(text, std::uint64_t&, text);
template void command_line::add(text, double&, text);
template void command_line::add(text, std::string&, text);
template void command_line::add(text, std::filesystem::path&, text);
template void command_line::add(text, std::optional<int>&, text);
template void command_line::add(text, std::optional<double>&, text);
template void command_line::add(text, std::optional<std::string>&, text);
template void command_line::add(text, std::vector<int>&, text);
template void command_line::add(text, std::vector<double>&, text);

template void command_line::add(text, int&, text, const range<int>&);
template void command_line::add(text, std::int64_t&, text, const range<std::int64_t>&);
template void command_line::add(text, std::uint64_t&, text, const range<std::int64_t>&);
template void command_line::add(text, double&, text, const range<double>&);
template void command_line::add(text, std::optional<int>&, text, const range<int>&);
template void command_line::add(text, std::optional<double>&, text, const range<double>&);
template void command_line::add(text, std::vector<int>&, text, const range<int>&);

}  // namespace examples
