// SPDX-License-Identifier: Apache-2.0
// Says in plain words that a browser is too old. Written for old browsers: nothing here is newer than 2009. The words stand
// in the page already; this only shows them. The client itself does not start where the mark below is set.
(function () {
  var root = document.documentElement;
  var able =
    'noModule' in document.createElement('script') &&
    'RTCPeerConnection' in window &&
    'RTCRtpSender' in window &&
    'replaceTrack' in window.RTCRtpSender.prototype &&
    'WebSocket' in window &&
    'fetch' in window &&
    'ResizeObserver' in window &&
    'HTMLDialogElement' in window &&
    'AudioContext' in window;
  if (able) return;
  root.setAttribute('data-too-old', '');
  function show() {
    var words = document.getElementById('too-old');
    if (words) words.removeAttribute('hidden');
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
  else show();
})();
