# Two panels with the data and the posterior's bands, above eight with its marginals.
set terminal pngcairo size 1600,1500 font "DejaVu Sans,15" enhanced
set output "calibration.png"
set encoding utf8
set datafile separator comma
set datafile commentschars "#"

hare_colour = 0xC2571A
lynx_colour = 0x1F5A96
soft = 0xC0000000  # transparency, added to a colour
softer = 0xE0000000
grey = 0x555555

set multiplot
set label 1 "Lynx and hare in Canada: a Lotka–Volterra model calibrated on pelts" at screen 0.055,0.975 left font ",22"
set label 2 title_text at screen 0.055,0.948 left font ",15" textcolor rgb grey
set border 3 linecolor rgb grey
set tics nomirror out textcolor rgb "#222222"
set grid ytics linecolor rgb "#dddddd"

# Data and bands.
set style fill solid border
set lmargin at screen 0.075
set rmargin at screen 0.975
set xrange [1899.7:1920.3]
set xtics 1900,2,1920
set key at 1908.3, graph 0.99 center top Left reverse samplen 2.2 spacing 1.15

set tmargin at screen 0.925
set bmargin at screen 0.715
set yrange [0:*]
set ylabel "hare pelts (thousands)" offset 0.5
plot "bands.csv" skip 1 using 1:5:6 with filledcurves linecolor rgb hare_colour+softer title "5–95 % of counts", \
     "" skip 1 using 1:3:4 with filledcurves linecolor rgb hare_colour+soft title "5–95 % of the model", \
     "" skip 1 using 1:2 with lines linewidth 3 linecolor rgb hare_colour title "median", \
     "pelts.csv" skip 2 using 1:3 with points pointtype 7 pointsize 1.6 linecolor rgb "black" title "data"
unset label 1
unset label 2

set tmargin at screen 0.675
set bmargin at screen 0.465
set ylabel "lynx pelts (thousands)"
set xlabel "year" offset 0,0.4
plot "bands.csv" skip 1 using 1:10:11 with filledcurves linecolor rgb lynx_colour+softer title "5–95 % of counts", \
     "" skip 1 using 1:8:9 with filledcurves linecolor rgb lynx_colour+soft title "5–95 % of the model", \
     "" skip 1 using 1:7 with lines linewidth 3 linecolor rgb lynx_colour title "median", \
     "pelts.csv" skip 2 using 1:2 with points pointtype 7 pointsize 1.6 linecolor rgb "black" title "data"

# Marginals: hare's parameters above, lynx's below, each with its median and 5-95 % interval.
array symbol[8] = ["α, growth of hare (1/year)", "β, loss per 1000 lynx (1/year)", "γ, loss of lynx (1/year)", \
                   "δ, growth per 1000 hare (1/year)", "u(0), hare in 1900 (thousands)", \
                   "v(0), lynx in 1900 (thousands)", "σ_u, error of log hare", "σ_v, error of log lynx"]
array order[8] = [1, 2, 5, 7, 3, 4, 6, 8]
unset key
unset ylabel
unset ytics
unset grid
set border 1
set style fill solid 0.55 noborder
set xtics out
bins_per_panel = 36
set label 3 "Posterior: median and 5–95 % interval of each parameter" at screen 0.055,0.421 left textcolor rgb grey
# A step of 1, 2 or 5 times a power of ten that puts two to four tics on an axis.
power(span) = 10.0 ** floor(log10(span / 4))
step_in_powers(r) = r < 8 ? 2 : r < 20 ? 5 : 10
tic_step(span) = power(span) * step_in_powers(span / power(span))
do for [k = 1:8] {
  i = order[k]
  row = (k - 1) / 4
  column = (k - 1) % 4
  colour = row == 0 ? hare_colour : lynx_colour
  set lmargin at screen 0.055 + 0.235 * column
  set rmargin at screen 0.055 + 0.235 * column + 0.205
  set tmargin at screen 0.380 - 0.205 * row
  set bmargin at screen 0.265 - 0.205 * row
  set autoscale  # stats leaves out what is not in the ranges
  stats "samples.csv" skip 1 using i nooutput
  width = (STATS_max - STATS_min) / bins_per_panel
  set xrange [STATS_min - width : STATS_max + width]
  set yrange [0:*]
  set xtics tic_step(STATS_max - STATS_min)
  set xlabel symbol[i] offset 0,0.3
  set title sprintf("%.3g  (%.3g … %.3g)", median[i], low[i], high[i]) offset 0,-0.6 font ",14" textcolor rgb grey
  set arrow 1 from low[i], graph 0 to low[i], graph 1 nohead front dashtype 2 linewidth 1.5 linecolor rgb grey
  set arrow 2 from median[i], graph 0 to median[i], graph 1 nohead front linewidth 2 linecolor rgb grey
  set arrow 3 from high[i], graph 0 to high[i], graph 1 nohead front dashtype 2 linewidth 1.5 linecolor rgb grey
  plot "samples.csv" skip 1 using i bins=bins_per_panel binrange [STATS_min:STATS_max] with boxes linecolor rgb colour
  unset label 3
}
unset multiplot
