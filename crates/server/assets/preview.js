// In a preview the widget is told what stands in the page: it asks nobody.
"use strict";
const said = document.getElementById("sample").dataset.answer;
window.fetch = async () => new Response(said, { headers: { "content-type": "application/json" } });
