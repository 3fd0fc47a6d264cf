// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/cancelling.hpp"

#include <thread>

#include "unit_tests/storm/stage.hpp"

namespace storm {

bool cancel_task(task_index task, const handle& future) {
  bool is_cancelled = false;
  with_future(future, [&](const auto& f) {
    is_cancelled = f.cancel();
    if (!is_cancelled) return;
    task_entry& entry = book().at(task);
    entry.is_cancelled = 1;
    if (entry.begun.load() != 0) complain_of(task, "is cancelled though its body has begun");
    if (!f.done()) complain_of(task, "is cancelled but not done");
    if (!f.cancelled()) complain_of(task, "is cancelled and does not know it");
    if (!f.cancel()) complain_of(task, "cannot be cancelled a second time");
  });
  return is_cancelled;
}

void cancel_by_two(task_index task, const handle& future) {
  std::thread other([&] { cancel_task(task, future); });
  cancel_task(task, future);
  other.join();
}

}  // namespace storm
