// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/submission.hpp"

#include <memory>
#include <utility>

#include "unit_tests/storm/bodies.hpp"
#include "unit_tests/storm/cancelling.hpp"
#include "unit_tests/storm/stage.hpp"
#include "unit_tests/storm/watchers.hpp"

namespace storm {

torc::limit_units limit_of(const task_plan& plan) {
  switch (plan.options.limit) {
    case limit_kind::none:
      break;
    case limit_kind::whole_job:
      return {whole_job_limit, plan.options.units};
    case limit_kind::per_node:
      return {per_node_limit, plan.options.units};
  }
  return {};
}

namespace {

bool exceeds_timeout(const task_plan& plan) {
  return plan.end == fate::past_timeout || plan.end == fate::beyond_timeout;
}

torc::task_options options_of(task_index task) {
  const task_plan& plan = played().tasks[task];
  torc::task_options options;
  options.worker = plan.options.worker;
  options.pinned = plan.options.pinned;
  options.priority = plan.options.priority;
  options.cores = plan.options.cores;
  options.limit = limit_of(plan);
  if (plan.options.has_long_timeout) options.timeout = std::chrono::seconds(1000);
  if (plan.options.has_name) options.name = "task " + std::to_string(task);
  if (plan.end == fate::after_retries) options.retries = retries;
  if (exceeds_timeout(plan)) options.timeout = std::chrono::microseconds(200);
  return options;
}

bool has_options(const task_plan& plan) {
  return plan.options.has_any || plan.end == fate::after_retries || exceeds_timeout(plan);
}

template <class R, class... A>
torc::future<R> plain(const torc::future<R(A...)>& with_input) {
  return with_input;
}

template <class F, class... Args>
handle submit_function(task_index task, torc::executor* executor, F f, Args&&... args) {
  const task_plan& plan = played().tasks[task];
  const auto submit = [&](auto&&... all) {
    if (executor != nullptr) return handle(plain(executor->submit(std::forward<decltype(all)>(all)...)));
    return handle(plain(torc::submit(std::forward<decltype(all)>(all)...)));
  };
  if (has_options(plan)) return submit(options_of(task), std::move(f), std::forward<Args>(args)...);
  return submit(std::move(f), std::forward<Args>(args)...);
}

template <class F, class... Args>
handle submit_anywhere(task_index task, torc::executor* executor, F f, Args&&... args) {
  if (played().tasks[task].is_local)
    return submit_function(task, executor, torc::local(f), std::forward<Args>(args)...);
  return submit_function(task, executor, f, std::forward<Args>(args)...);
}

handle submit_kind(task_index task, torc::executor* executor) {
  const task_plan& plan = played().tasks[task];
  const ticket own(task);
  const std::uint64_t value = own_value(played(), task);
  switch (plan.kind) {
    case task_kind::nothing:
      return submit_anywhere(task, executor, nothing_body, own);
    case task_kind::big:
      return submit_anywhere(task, executor, big_body, own, words_of(value, plan.size));
    case task_kind::moved:
      return submit_anywhere(task, executor, moved_body, own, std::make_unique<std::uint64_t>(value));
    case task_kind::fragile: {
      const fragile given(value, plan.trouble_in_result ? trouble::none : plan.with);
      return submit_anywhere(task, executor, fragile_body, own, given, value);
    }
    case task_kind::on_device:
      return submit_function(task, executor, torc::on<space>(device_body), own);
    case task_kind::anywhere:
      return submit_function(task, executor, torc::on_any_of<space>(number_body, device_body), own);
    default:
      return submit_anywhere(task, executor, number_body, own);
  }
}

}  // namespace

handle submit_task(task_index task, torc::executor* executor) {
  const task_plan& plan = played().tasks[task];
  count_submission();
  book().at(task).submitted = 1;
  try {
    handle made = submit_kind(task, executor);
    if (plan.end == fate::beyond_timeout) watchers().watch(task, made);
    if (plan.with == trouble::copy_throws) complain_of(task, "was submitted though its argument cannot be copied");
    return plan.is_dropped ? handle() : made;
  } catch (const trouble_on_the_way& e) {
    if (plan.with != trouble::copy_throws) complain_of(task, std::string("was not submitted: ") + e.what());
  } catch (const std::exception& e) {
    complain_of(task, std::string("was not submitted: ") + e.what());
  }
  uncount_submission();
  book().at(task).submitted = 0;
  return {};
}

handle follow_task(task_index task, const handle& source, const handle& victim) {
  const task_plan& plan = played().tasks[task];
  handle made;
  with_future(source, [&]<class R>(const torc::future<R>& followed) {
    count_submission();
    book().at(task).submitted = 1;
    if (plan.kind == task_kind::callback) {
      const auto shared = std::make_shared<const handle>(victim);
      followed.add_done_callback([own = ticket(task), shared](const torc::future<R>& done) {
        if (!done.done()) complain_of(own.task(), "was called before its future was done");
        if (shared->index() != 0) cancel_task(played().tasks[own.task()].victim, *shared);
        play(own.task());
      });
    } else if (plan.takes_value) {
      if constexpr (std::is_void_v<R>) {
        made = followed.then([own = ticket(task)] { return play(own.task(), 1); });
      } else {
        made = followed.then([own = ticket(task)](const R& value) { return play(own.task(), number_of(value)); });
      }
    } else {
      made = followed.then([own = ticket(task)](const torc::future<R>& done) {
        if (!done.done()) complain_of(own.task(), "was called before its future was done");
        return play(own.task());
      });
    }
  });
  return made;
}

}  // namespace storm
