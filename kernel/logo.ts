/** The kernel's mark: a notebook cell that is alive. */
export const logoSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="3" y="3" width="58" height="58" rx="14" fill="#1f3a5f"/><path d="M23 18h-7v28h7M41 18h7v28h-7" fill="none" stroke="#fff" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/><circle cx="32" cy="32" r="6" fill="#4fb286"/></svg>`;

/** The mark as PNG, base64, by width in pixels. */
export const logoPng: Readonly<Record<32 | 64, string>> = {
  32:
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAACnklEQVR4nNSXS2gTQRjH/zO7acHWxr6kpLFN4yEl2A" +
    "cijSCCogfRk4defB+8iPSmCAXRgifx5sFrJIJ66MGgeBBRwdJWDw0qkhzaxjam0bSWNEmtJptxdiHbJO3azZIH/V1m" +
    "59tvvu/PvD6GosqIWj86DpyxZ0xin0CIk4GZYAACkpIY+ypIzPftg2d2c58CLIfOOUwZ+hCEuFBKGJtM0czF8NijQK" +
    "5ZWP+8TTsOdl4XCH3Kk9tQagixCqCXd+3pX4vNn54E3rI8AVZXRw+leMwda1E+RD4TR+otS974908/ZANVzM7BGoHC" +
    "w5PXoNzwHKLIl5jPuCqgfWfdfv6jFxWD9LW7ggOqAEqkblSYbE7lGBJKbIUOoiDghXsEDrtVtf35m8LwXTdGX45tGn" +
    "Tw1GHcuXYBtTXrp9Y/HcLJSzeRybA832xOCg3aWhvzksvIgU0mzasDAt9IuclluvdaYdndrDlGO1oOQ7ceILoUw3Is" +
    "gcBMSNPvifcdpr5Mo9Fcj9ZmM+6PXNkyti4BctBQZFGPqyrQ2taiy5+iyuiagQ2D6kRYjragvmuH0k/MriL8ZhHpZB" +
    "rFYkiA5VgrmpwNar9pn1k+V5jzLqBYDAlosNfpsumh6nvAkICVmaQumx4MLUH4dRTgN1vhJqyYAHm3zz2PoBRszz1Q" +
    "SnQtwfvRe0prpBpuheYMRKLLWPj5K89mpBrKNUSOpYUSjYH6CfLrdVqScPzsMHocNtVWTDXM8jkQVGIVkmF0QhUgMf" +
    "go2RgwubqGiSk/iuF/AnMR0/DJrbIE4XG3nz8+nqFCyLmCH90RVYBMOiUM8SaOMsOTJ/gddjXbV98F8bBvxWzt/U0I" +
    "OYFywtiN+XHPq2y36k8zouXfOXC+SxJIf8Ufp5XmHwAAAP//SIFrjwAAAAZJREFUAwCxqvbVcxz6RwAAAABJRU5Erk" +
    "Jggg==",
  64:
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAACqaXHeAAAEmUlEQVR4nOybX2xTVRzHv79L58YsbYfixkZXyJxZJp" +
    "oR/7DxNOITEGKCQqKRqQnxQR988wnNXHz0xQeNTwjDGKI+GBIgMUYWEzYmxtEsEmEOt3YdG5tAOxAG7T2c0wXS297u" +
    "/uu9rPf2k3TpPee3e/r7nnN+59+9EjyOBI/jeQF8MEhz19uvELGdDHgZoEYwVk9Ej+MRwBi7BaJZ/m2aZBpOM3YiMd" +
    "x/2sg9SJdVd7cvfCd8gCTpY/4PjVjB8IqZ5n8+jVVPHsLAQFrLXkOAXim8bWIfMdZHhFaUFewSbyEHY0NHf0RWF3VW" +
    "LXeL5s7IXgL7hjfxepQd9AT/7Aps6BhNTUUvFrUqlhHp3L+HkfQDr/myDpSMQeb1/0bs7JHv1fJVBdjQ9c5zEuRhXv" +
    "Or4QJ4V7idIWlbYvDw+fw8ldrtlSSwY25xXiB8WQX5qPAtP68gIdw5/h5v9u1wGQTaLHwrTM9hXftef22o9rL4ClfC" +
    "rt4i39PzZw4tPEhRtICaQM3rcK3zAnpqdebea7kpCgF4X+mGy+E+duZeK6bCvD9shMvhPrblXuevBTbCAPVPhrAp3F" +
    "A0/9/4DGbnb8AKJS+DoLiZUgCiBujkq88+wM7tL2nanTx9Du8f/BJmsKUMpvQxfxishg7WrQ1iR/eLekyzdqGA8cWi" +
    "bWUQgrmXpqa5LZH1Ipjotq/yGV51612nLpny39LWEoYZbJ/nn/j1HOauJWGUuf+SODXwB+zGRNWo0/fFd7gwFlOk/T" +
    "MxjfnrKZhF9Gu1INje2oxPPnwTpaBkAgjnz478jVIjIrzVkWQ5Kpui8DgVAeBxShYEjVD3bADBVj9qm5b2XP5P3EZy" +
    "7Cau/2V+xDCLowJUBXwI72hAYJNy1vZY2xqE+KducwDxUzO4l9LczS4ZjnaByO7GAudzEXmR3evhJI4JsPb5IPxh7W" +
    "1Gf7g2a+sUjgkQavPbYmsVx2JATb2uhaZhW6tU5gFwiDuzi7bYWsUxAeZH9C+JjdhaxTEBUnyik7p8U9PuxthC1tYp" +
    "HI0BiV/mkEnLRfMzixlM/XwVTuLoTHDx2l2Mfj7m3anwA4Sjj8JZNSrDIDxORQB4nJIFQbFVnY9dZ4NqZZmlZAIU26" +
    "d34mzQCrZ3ASfOBq1gSoDx2BXx5JVue7vPBsVvGZ+8AjPkC6BrGWbk3M6Js0FDZTAoDBU6R7p6JvhRawQ60Xp4werZ" +
    "oD1lsIuTg/0PnxLJb5sz/KNbALvP7Wwpg2V9fIikzMN5uJx8HxUCyJB+gsvJyNKx3OuCWMvjwJ88DmyBK2FR3v87cl" +
    "MKhkHeCvrgUmQm9eanqY627mwFhbUvUJ0IpTPyu+IRc7iE7OPyTNqvlqcqQOL3b6O8bfTABYgXJoixt6aGDo+q5Rd9" +
    "ZSYZj14INHWM8K+vEqEKZYioeSLaMznUf7yYjeaMm8eDLdyKDx30DMoKdimdlvdlW/MyLPvSlCA5FZ1JttR9HUyHEl" +
    "yIF7hia7CCEa/NMVn+KFYdP7Bw5rjmCsnAmmuJpq09231Eu5jEtq6cFyeR4FeDDHQyPnjkNyP3MCyA26hsisLj3AcA" +
    "AP//oiuxOwAAAAZJREFUAwCUk6WARd3QuAAAAABJRU5ErkJggg==",
};
