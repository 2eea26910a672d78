// SPDX-License-Identifier: Apache-2.0
// Asio behind Runtime. Included by .cpp files of net/ only.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "net/runtime.h"

namespace net {

struct Runtime::Impl {
  Impl(unsigned io, unsigned work)
      : context(static_cast<int>(io)), guard(boost::asio::make_work_guard(context)), pool(work), io_threads(io) {}
  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
  boost::asio::thread_pool pool;
  unsigned io_threads;
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<boost::asio::signal_set>> signals;
};

}  // namespace net
