// SPDX-License-Identifier: Apache-2.0
// See runtime.h.
#include "net/runtime.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "net/runtime_impl.h"

namespace net {
namespace asio = boost::asio;
namespace {
void wait_for_signal(asio::signal_set& set, std::function<void(int)> told) {
  set.async_wait([&set, told = std::move(told)](const boost::system::error_code& error, int signal) {
    if (error) return;
    told(signal);
    wait_for_signal(set, told);
  });
}
}  // namespace

Runtime::Runtime(unsigned io_threads, unsigned work_threads) : impl_(std::make_unique<Impl>(io_threads, work_threads)) {}
Runtime::~Runtime() { stop(); }

void Runtime::start() {
  for (unsigned i = 0; i < impl_->io_threads; ++i) impl_->threads.emplace_back([this] { impl_->context.run(); });
}

void Runtime::stop() {
  impl_->guard.reset();
  impl_->context.stop();
  for (auto& t : impl_->threads) t.join();
  impl_->threads.clear();
  impl_->pool.stop();
  impl_->pool.join();
}

void Runtime::post(std::function<void()> f) { asio::post(impl_->context, std::move(f)); }
void Runtime::work(std::function<void()> f) { asio::post(impl_->pool, std::move(f)); }

void Runtime::after(base::Duration delay, std::function<void()> f) {
  auto timer = std::make_shared<asio::steady_timer>(impl_->context, std::chrono::microseconds(delay.us));
  timer->async_wait([timer, f = std::move(f)](const boost::system::error_code& error) {
    if (!error) f();
  });
}

void Runtime::on_signals(std::vector<int> signals, std::function<void(int)> told) {
  auto set = std::make_unique<asio::signal_set>(impl_->context);
  for (const int s : signals) set->add(s);
  wait_for_signal(*set, std::move(told));
  impl_->signals.push_back(std::move(set));
}

}  // namespace net
