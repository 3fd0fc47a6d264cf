// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>
#include <torc/torc.hpp>

#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

// Tasks of all kinds, compiled by nvcc: what it lays out, and how it names types, is what the runtime expects.

namespace {

struct nothing {
  template <class Archive>
  void serialize(Archive&) {}
};

void no_result() {}
char letter() { return 'a'; }
int one() { return 1; }
double half() { return 0.5; }
int of_nothing(nothing) { return 2; }
std::string text(const std::string& before, char last) { return before + last; }
int square(int x) { return x * x; }

struct times {
  int factor = 1;
  int operator()(int x) const { return factor * x; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor);
  }
};

int g_failures = 0;
void expect(bool is_met, const char* what) {
  if (is_met) return;
  std::printf("not so: %s\n", what);
  ++g_failures;
}

int run() {
  torc::submit(no_result).result();
  expect(torc::submit(letter).result() == 'a', "a result of one byte");
  expect(torc::submit(one).result() == 1, "a result of four");
  expect(torc::submit(half).result() == 0.5, "a result of eight");
  expect(torc::submit(of_nothing, nothing{}).result() == 2, "an argument that is empty");
  expect(torc::submit(text, "text", 's').result() == "texts", "arguments that are converted");
  expect(torc::submit(times{3}, 4).result() == 12, "an object");
  expect(torc::submit([](int x) { return x + 1; }, 1).result() == 2, "a lambda");
  expect(torc::submit([] { return torc::submit(one).result(); }).result() == 1, "a nested task");
  int captured = 5;
  expect(torc::submit(torc::local([&captured] { return captured; })).result() == 5, "a local one");
  expect(torc::submit({.name = "named", .priority = 1.0}, square, 3).result() == 9, "options");
  expect(torc::submit(square, 2).then([](int x) { return x + 1; }).result() == 5, "a continuation");
  std::vector<int> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0);
  const auto squares = torc::map(square, numbers);
  expect(std::accumulate(squares.begin(), squares.end(), 0) == 328350, "a map");
  expect(torc::spmd(one).size() == 1, "spmd");
  return g_failures;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [] {
    const int failures = run();
    std::printf("%d failures\n", failures);
    return failures;
  });
}
