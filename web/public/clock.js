// SPDX-License-Identifier: Apache-2.0
// The page that a quick exit leads to: a clock and nothing else. It keeps and asks nothing.
(function () {
  var time = document.getElementById('time');
  var date = document.getElementById('date');
  function show() {
    var now = new Date();
    time.textContent = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    date.textContent = now.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  }
  show();
  setInterval(show, 1000);
})();
