// Figures with a slider: each place of it sets the attributes and texts that differ there.
"use strict";

for (const figure of document.querySelectorAll(".tb-explorable")) {
  const { frames, targets, values } = JSON.parse(figure.querySelector("script").textContent);
  const elements = figure.querySelector("svg").querySelectorAll("*");
  const control = figure.querySelector(".tb-control");
  const slider = control.querySelector("input");

  const show = () => {
    const place = Number(slider.value);
    targets.forEach(([index, name], column) => {
      const element = index ? elements[index - 1] : figure.querySelector("svg");
      const value = values[place][column];
      if (name === "#") {
        element.textContent = value ?? "";
      } else if (value === null) {
        element.removeAttribute(name);
      } else {
        element.setAttribute(name, value);
      }
    });
    const [value, reading] = frames[place];
    control.querySelector("b").textContent = value;
    control.querySelector("output").textContent = reading;
    slider.setAttribute("aria-valuetext", value);
  };

  slider.addEventListener("input", show);
  control.hidden = false;
  if (slider.value !== slider.defaultValue) {
    show(); // the browser has put the slider back where the reader left it
  }
}
