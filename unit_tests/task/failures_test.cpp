// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failures.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using torc::task::describe;
using torc::task::failure;
using torc::task::failure_list;

std::exception_ptr made(const char* what) { return std::make_exception_ptr(std::runtime_error(what)); }

TEST(failures, that_nobody_looked_at_are_kept_in_order) {
  failure_list failures;
  failures.add(made("first"), "one");
  failures.add(made("second"), "two")->is_looked_at = true;
  failures.add(made("third"), "three");
  const auto unseen = failures.take_unseen();
  ASSERT_EQ(unseen.size(), 2U);
  EXPECT_EQ(unseen[0]->task_name, "one");
  EXPECT_EQ(unseen[1]->task_name, "three");
  EXPECT_EQ(describe(unseen[1]->exception), "std::runtime_error: third");
  EXPECT_TRUE(failures.take_unseen().empty());
}

TEST(failures, that_were_looked_at_take_no_room) {
  failure_list failures;
  std::vector<std::weak_ptr<failure>> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto added = failures.add(made("seen"), "task");
    added->is_looked_at = true;
    seen.push_back(added);
  }
  std::size_t alive = 0;
  for (const auto& f : seen) alive += f.expired() ? 0 : 1;
  EXPECT_LE(alive, 64U);
}

TEST(failures, of_several_threads_are_all_kept) {
  failure_list failures;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) failures.add(made("x"), "task")->is_looked_at = i % 2 == 0;
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(failures.take_unseen().size(), 4U * 250U);
}

TEST(failures, are_described_by_type_and_text) {
  struct odd {};
  EXPECT_EQ(describe(std::make_exception_ptr(std::out_of_range("no such worker"))),
            "std::out_of_range: no such worker");
  EXPECT_EQ(describe(std::make_exception_ptr(7)), "an exception of type int");
  EXPECT_NE(describe(std::make_exception_ptr(odd{})).find("odd"), std::string::npos);
}

}  // namespace
