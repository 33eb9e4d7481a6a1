<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>Tapetum</name>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Acknowledge</source>
      <translation>确认</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Say that you have seen the alarm in the bar: its sound and its blinking end.</source>
      <translation>表示您已看到栏中的警报：声音和闪烁停止。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Acknowledge all</source>
      <translation>全部确认</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_list.py" />
      <source>Say that you have seen all alarms.</source>
      <translation>表示您已看到所有警报。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Show the alarm's moment</source>
      <translation>显示警报时刻</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Go to the picture, or the moment of the recording, that the alarm in the bar is of.</source>
      <translation>转到栏中警报所指的画面或录像时刻。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>All alarms</source>
      <translation>所有警报</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>List all alarms, those that are over, too; acknowledge them, and set the sound.</source>
      <translation>列出所有警报，包括已结束的；可确认警报并设置声音。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Rules …</source>
      <translation>规则…</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Choose what makes alarms of the signals: a driver who falls asleep, somebody who comes close.</source>
      <translation>选择信号何时触发警报：驾驶员睡着、有人靠近。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Rules over this recording …</source>
      <translation>对此录制应用规则…</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Choose rules and see on the time line what they make of the whole recording, which is not changed.</source>
      <translation>选择规则，在时间轴上查看它们对整段录制的判断；录制不会被更改。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 1 minute</source>
      <translation>静音 1 分钟</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for one minute, but of a new severe one.</source>
      <translation>一分钟内警报无声，新的严重警报除外。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 5 minutes</source>
      <translation>静音 5 分钟</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for five minutes, but of a new severe one.</source>
      <translation>五分钟内警报无声，新的严重警报除外。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 15 minutes</source>
      <translation>静音 15 分钟</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for a quarter of an hour, but of a new severe one.</source>
      <translation>一刻钟内警报无声，新的严重警报除外。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Sound off for 1 hour</source>
      <translation>静音 1 小时</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>No sound of alarms for an hour, but of a new severe one.</source>
      <translation>一小时内警报无声，新的严重警报除外。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Sound on</source>
      <translation>开启声音</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms are heard again.</source>
      <translation>重新发出警报声。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Bar off for 5 minutes</source>
      <translation>警报栏关闭 5 分钟</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms only count in the bar for five minutes, but for a new severe one.</source>
      <translation>五分钟内警报栏只显示数量，新的严重警报除外。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Bar on</source>
      <translation>开启警报栏</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Alarms stand large in the bar again.</source>
      <translation>警报重新在栏中大字显示。</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Test the sound</source>
      <translation>测试声音</translation>
    </message>
    <message>
      <location filename="gui/actions/alarms.py" />
      <source>Play the sound of a severe alarm once.</source>
      <translation>播放一次严重警报的声音。</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>text size {percent} %</source>
      <translation>文字大小 {percent} %</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The language changes when the window is opened anew.</source>
      <translation>重新打开窗口后语言才会改变。</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings file {path} is broken ({why}). It is kept as {aside}; the window begins with its defaults.</source>
      <translation>设置文件 {path} 已损坏（{why}）。它保存为 {aside}；窗口以默认值启动。</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings file {path} cannot be read ({why}); the window begins with its defaults.</source>
      <translation>无法读取设置文件 {path}（{why}）；窗口以默认值启动。</translation>
    </message>
    <message>
      <location filename="gui/actions/habits_part.py" />
      <source>The settings cannot be saved to {path} ({why}); what you change is forgotten when the window closes.</source>
      <translation>无法将设置保存到 {path}（{why}）；关闭窗口后您的更改将丢失。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Night</source>
      <translation>夜间</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Show the window in dim red, so that the eyes stay used to the dark; or go back.</source>
      <translation>以暗红色显示窗口，使眼睛保持对黑暗的适应；或恢复。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Larger text</source>
      <translation>放大文字</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Make all words larger, up to twice their size.</source>
      <translation>放大所有文字，最多两倍。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Smaller text</source>
      <translation>缩小文字</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Make all words smaller.</source>
      <translation>缩小所有文字。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Usual text size</source>
      <translation>标准文字大小</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Give all words their usual size.</source>
      <translation>所有文字恢复标准大小。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Settings …</source>
      <translation>设置…</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Change the units, the theme, the language, the keys and what else is remembered.</source>
      <translation>更改单位、主题、语言、按键以及其他会被记住的内容。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <location filename="gui/actions/palette.py" />
      <source>Commands</source>
      <translation>命令</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Type some letters of what you want to do, and do it.</source>
      <translation>输入要做的事情的几个字，然后执行。</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <location filename="gui/actions/help_dialog.py" />
      <location filename="gui/actions/table.py" />
      <source>Help</source>
      <translation>帮助</translation>
    </message>
    <message>
      <location filename="gui/actions/help.py" />
      <source>Show what can be done and with which keys.</source>
      <translation>显示可以做什么以及使用哪些按键。</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Double-click a picture to see it large. The wheel zooms; dragging moves; Esc shows all of it.</source>
      <translation>双击画面可放大显示。滚轮缩放；拖动移动；Esc 显示全部。</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Blue is measured.</source>
      <translation>蓝色表示实测值。</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Orange needs your attention, or was GENERATED: a model imagined it.</source>
      <translation>橙色需要您注意，或表示 GENERATED：由模型想象得出。</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Keys and help</source>
      <translation>按键与帮助</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Search</source>
      <translation>搜索</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Search the help</source>
      <translation>搜索帮助</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>Some letters of what you want to do, or a key</source>
      <translation>要做的事情的几个字，或一个按键</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>ticks above the line</source>
      <translation>线上方的刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>events</source>
      <translation>事件</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>flags</source>
      <translation>旗标</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bookmarks</source>
      <translation>书签</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>hatched holes</source>
      <translation>带斜线的空段</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>pauses of the cameras</source>
      <translation>相机的停顿</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>orange ticks below the line</source>
      <translation>线下方的橙色刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>frames that the recording lacks</source>
      <translation>录像中缺少的帧</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>orange ticks through the line</source>
      <translation>穿过线的橙色刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>frames that differ from what was recorded</source>
      <translation>与录制结果不同的帧</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>gray ticks through the line</source>
      <translation>穿过线的灰色刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>differences where tracking began elsewhere</source>
      <translation>因跟踪起点不同而产生的差异</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>an orange bar</source>
      <translation>橙色条</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>what cannot be read</source>
      <translation>无法读取的部分</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>the broad pale band, with Compare on</source>
      <translation>打开比较时的浅色宽带</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>what was recorded; the line is computed now</source>
      <translation>录制的结果；线为现在计算的结果</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <location filename="gui/actions/palette.py" />
      <source>Nothing is called that.</source>
      <translation>没有这个名称的内容。</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bright ticks below the line</source>
      <translation>线下方的亮刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>bright ticks through the line</source>
      <translation>穿过线的亮刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>dim ticks through the line</source>
      <translation>穿过线的暗刻度</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>a bright bar</source>
      <translation>亮条</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>the broad band, with Compare on</source>
      <translation>打开比较时的宽带</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>The time line</source>
      <translation>时间线</translation>
    </message>
    <message>
      <location filename="gui/actions/help_dialog.py" />
      <source>At night all is red: the brightest needs your attention.</source>
      <translation>夜间一切为红色：最亮处需要您注意。</translation>
    </message>
    <message>
      <location filename="gui/actions/keys.py" />
      <source>{tip} ({keys})</source>
      <translation>{tip}（{keys}）</translation>
    </message>
    <message>
      <location filename="gui/actions/keys.py" />
      <source>{words} ({keys})</source>
      <translation>{words}（{keys}）</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Actions and their keys</source>
      <translation>操作及其按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Choose an action, and press the key that it should have</source>
      <translation>选择一个操作，然后按下要指定的按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>New key</source>
      <translation>新按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Press the key that the action should have</source>
      <translation>按下该操作要使用的按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Give</source>
      <translation>指定</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Give the action this key in place of those it has</source>
      <translation>用此按键替换该操作现有的按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>No key</source>
      <translation>无按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Take all keys from the action</source>
      <translation>移除该操作的所有按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Usual keys</source>
      <translation>默认按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>The keys that the action had at first</source>
      <translation>该操作最初的按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <location filename="gui/replay/note_dialog.py" />
      <location filename="gui/work/bookmark.py" />
      <source>Note</source>
      <translation>备注</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>“{action}” has {keys} now.</source>
      <translation>“{action}”现在使用 {keys}。</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>All actions have their usual keys.</source>
      <translation>所有操作均已恢复默认按键。</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <location filename="gui/actions/settings_table.py" />
      <source>Keys</source>
      <translation>按键</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>{keys} belongs to “{action}”.</source>
      <translation>{keys} 已被“{action}”使用。</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>Take it</source>
      <translation>改为此处</translation>
    </message>
    <message>
      <location filename="gui/actions/keys_page.py" />
      <source>“{action}” has no key now.</source>
      <translation>“{action}”现在没有按键。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>All overlays</source>
      <translation>全部叠加</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Take everything off the pictures, or put back what was on.</source>
      <translation>移除画面上的所有内容，或恢复之前的显示。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Box</source>
      <translation>边框</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the box round each face.</source>
      <translation>显示每张人脸的边框。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Label</source>
      <translation>标签</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the number of each face.</source>
      <translation>显示每张人脸的编号。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Distance</source>
      <translation>距离</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show how far each face is, in metres.</source>
      <translation>以米显示每张人脸的距离。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Confidence</source>
      <translation>置信度</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show how sure it is that this is a face.</source>
      <translation>显示判定为人脸的把握程度。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Points</source>
      <translation>关键点</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the 68 landmarks; unsure ones are hollow.</source>
      <translation>显示 68 个关键点；不确定的为空心。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Pose</source>
      <translation>姿态</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the head's axes and its yaw, pitch and roll.</source>
      <translation>显示头部坐标轴及其偏航、俯仰和滚转角。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Eyes</source>
      <translation>眼睛</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show whether each eye is open, and how far.</source>
      <translation>显示每只眼睛是否睁开以及睁开程度。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <location filename="gui/actions/settings_table.py" />
      <source>Temperature</source>
      <translation>温度</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the warmest skin of each face (95th percentile), where a radiometric camera looks at it.</source>
      <translation>显示每张人脸最热的皮肤（第 95 百分位），前提是由测温相机拍摄。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Signals</source>
      <translation>信号</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show what is measured of each person over time.</source>
      <translation>显示对每个人随时间测得的内容。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Reasons</source>
      <translation>原因</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Say why something is not known.</source>
      <translation>说明某项内容未知的原因。</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Generated</source>
      <translation>生成图像</translation>
    </message>
    <message>
      <location filename="gui/actions/overlay.py" />
      <source>Show the generated images beside each face. They always carry the word GENERATED.</source>
      <translation>在每张人脸旁显示生成的图像。它们始终带有 GENERATED 字样。</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>This cannot be done now.</source>
      <translation>现在无法执行。</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>What do you want to do?</source>
      <translation>您想做什么？</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Search the actions</source>
      <translation>搜索操作</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Some letters of what you want to do; arrows choose, Enter runs, Esc closes</source>
      <translation>要做的事情的几个字；方向键选择，Enter 执行，Esc 关闭</translation>
    </message>
    <message>
      <location filename="gui/actions/palette.py" />
      <source>Actions</source>
      <translation>操作</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/actions/table.py" />
      <source>Replay</source>
      <translation>回放</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play or pause</source>
      <translation>播放或暂停</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play the recording, or pause it.</source>
      <translation>播放录像，或暂停。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Step back</source>
      <translation>后退一帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go back by one frame.</source>
      <translation>暂停并后退一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Step forward</source>
      <translation>前进一帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go on by one frame.</source>
      <translation>暂停并前进一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Back 10 frames</source>
      <translation>后退 10 帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go back by ten frames.</source>
      <translation>暂停并后退十帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>On 10 frames</source>
      <translation>前进 10 帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Pause and go on by ten frames.</source>
      <translation>暂停并前进十帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>First frame</source>
      <translation>第一帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to the first frame.</source>
      <translation>转到第一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Last frame</source>
      <translation>最后一帧</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to the last frame.</source>
      <translation>转到最后一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go to …</source>
      <translation>转到…</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Type a time, a frame number or an event to go to.</source>
      <translation>输入要转到的时间、帧号或事件。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous event</source>
      <translation>上一事件</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to where an event begins.</source>
      <translation>返回到某事件的开始处。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next event</source>
      <translation>下一事件</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to where an event begins.</source>
      <translation>前进到某事件的开始处。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/replay/replay_control.py" />
      <source>Events</source>
      <translation>事件</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>List the events of the recording, to go to one of them.</source>
      <translation>列出录像中的事件，以便转到其中之一。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Slower</source>
      <translation>减速</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play at the next lower speed.</source>
      <translation>以下一档较低速度播放。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Faster</source>
      <translation>加速</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Play at the next higher speed.</source>
      <translation>以下一档较高速度播放。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop</source>
      <translation>循环</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Begin again at the end of the recording, or of the part.</source>
      <translation>在录像或选段末尾重新开始。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop from here</source>
      <translation>循环起点</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over a part that begins at this frame.</source>
      <translation>循环从此帧开始的选段。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop to here</source>
      <translation>循环终点</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over a part that ends at this frame.</source>
      <translation>循环到此帧结束的选段。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Loop over everything</source>
      <translation>循环全部</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Forget the part.</source>
      <translation>取消选段。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Bookmark</source>
      <translation>书签</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Keep this moment of the recording as a bookmark. It stands beside the recording, which is not changed.</source>
      <translation>将录像的此刻保存为书签。书签存放在录像旁边，不改变录像。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Bookmark with a note …</source>
      <translation>带备注的书签…</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Keep this moment as a bookmark and type a note; the moment stays that of the key.</source>
      <translation>将此刻保存为书签并输入备注；时刻以按键时为准。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous bookmark</source>
      <translation>上一书签</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to a bookmark.</source>
      <translation>返回到某个书签。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next bookmark</source>
      <translation>下一书签</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to a bookmark.</source>
      <translation>前进到某个书签。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <location filename="gui/replay/tracks_area.py" />
      <location filename="gui/replay/tracks_view.py" />
      <source>Signals over time</source>
      <translation>信号曲线</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show the signals of the faces over the recorded time.</source>
      <translation>显示人脸信号随录制时间的变化。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Choose signals …</source>
      <translation>选择信号…</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Choose which signals stand above the time line.</source>
      <translation>选择时间轴上方显示哪些信号。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show less time</source>
      <translation>缩短时间范围</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Stretch the time line round the frame that is shown; the wheel does so where the mouse is.</source>
      <translation>围绕当前帧放大时间轴；滚轮在鼠标处放大。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show more time</source>
      <translation>延长时间范围</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Shrink the time line round the frame that is shown.</source>
      <translation>围绕当前帧缩小时间轴。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Look earlier</source>
      <translation>向前查看</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Move the time line back without going there.</source>
      <translation>将时间轴向前移动，但不跳转。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Look later</source>
      <translation>向后查看</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Move the time line on without going there.</source>
      <translation>将时间轴向后移动，但不跳转。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show all of the time</source>
      <translation>显示全部时间</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>The time line shows the whole recording.</source>
      <translation>时间轴显示整个录像。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Compare</source>
      <translation>比较</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show what was recorded beside what is computed now, and how far they lie apart.</source>
      <translation>并列显示录制时的结果与现在计算的结果及其差异。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Previous difference</source>
      <translation>上一差异</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go back to a frame that differs from what was recorded, of those that were compared.</source>
      <translation>返回到已比较帧中与录制结果不同的一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Next difference</source>
      <translation>下一差异</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Go on to a frame that differs from what was recorded, of those that were compared.</source>
      <translation>前进到已比较帧中与录制结果不同的一帧。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>What this event rests on</source>
      <translation>此事件的依据</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Show the signals that a rule made the event here of, and the time before and after it.</source>
      <translation>显示规则据以产生此事件的信号，以及前后的时间。</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Clip round this event …</source>
      <translation>此事件的片段…</translation>
    </message>
    <message>
      <location filename="gui/actions/replay.py" />
      <source>Mark the part from before to after the event that is here, and export it.</source>
      <translation>标记此处事件前后的部分并导出。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/record_dialog.py" />
      <location filename="gui/work/recording.py" />
      <source>Record</source>
      <translation>录制</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Record from this moment on, or end the recording. Nothing is asked: the name is said.</source>
      <translation>从此刻开始录制，或结束录制。不作询问：会告知文件名。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save the last seconds</source>
      <translation>保存最近几秒</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save the last seconds, which are in memory, as a recording of their own.</source>
      <translation>将内存中的最近几秒保存为单独的录像。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Record as …</source>
      <translation>录制为…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Choose folder, name and profile of a recording, and see how long the disk lasts.</source>
      <translation>选择录像的文件夹、名称和方案，并查看磁盘可用多久。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark</source>
      <translation>标记</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark this moment: in the recording, with a clip where it has clips, and in the last seconds.</source>
      <translation>标记此刻：在录像中（有片段时附带片段）以及最近几秒中。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark with a note …</source>
      <translation>带备注的标记…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Mark this moment and type a note; the time stays that of the key.</source>
      <translation>标记此刻并输入备注；时间以按键时为准。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Snapshot</source>
      <translation>快照</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save this moment: each stream without loss, what is known of it, and the window as it is seen.</source>
      <translation>保存此刻：各数据流无损、已知信息以及所见窗口。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Snapshot as …</source>
      <translation>快照另存为…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save this moment in a folder of your choice.</source>
      <translation>将此刻保存到您选择的文件夹。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/welcome.py" />
      <source>Open …</source>
      <translation>打开…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open a recording of this program, or import one of another. Files can be dropped on the window, too.</source>
      <translation>打开本程序的录像，或导入其他程序的录像。也可将文件拖到窗口上。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open a folder …</source>
      <translation>打开文件夹…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Import a folder of images or a data set, or process all sessions in a folder.</source>
      <translation>导入图像文件夹或数据集，或处理文件夹中的所有会话。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Open recent</source>
      <translation>最近打开</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Recordings that were shown before.</source>
      <translation>之前显示过的录像。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Cameras …</source>
      <translation>相机…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Choose which cameras are shown, or a rig of several.</source>
      <translation>选择要显示的相机，或由多台相机组成的相机组。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Export …</source>
      <translation>导出…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Write the marked part of this recording, or all of it: as a session, video, images, tables or ROS 2.</source>
      <translation>写出此录像的选段或全部：会话、视频、图像、表格或 ROS 2。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_words.py" />
      <source>Verify</source>
      <translation>校验</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Check every frame of this recording, and compute stored results again to compare.</source>
      <translation>检查此录像的每一帧，并重新计算已保存的结果以作比较。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Recover …</source>
      <translation>恢复…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Save what can be read of this recording where it is torn or damaged.</source>
      <translation>在录像残缺或损坏处保存可读的内容。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Process many …</source>
      <translation>批量处理…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Process many sessions without a screen: tables of results and videos.</source>
      <translation>无界面处理多个会话：结果表格和视频。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Calibrate cameras …</source>
      <translation>标定相机…</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Find lenses and places of cameras with a printed board.</source>
      <translation>用打印的标定板求相机的镜头参数和位置。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_words.py" />
      <source>Build engines</source>
      <translation>构建引擎</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Build engines for this machine, so that models run faster on it.</source>
      <translation>为本机构建引擎，使模型运行更快。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <location filename="gui/work/task_panel.py" />
      <source>Tasks</source>
      <translation>任务</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Show or hide long work: how far it is, how long it takes, what came of it.</source>
      <translation>显示或隐藏耗时任务：进度、用时和结果。</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <location filename="gui/actions/session.py" />
      <source>Close the window and stop.</source>
      <translation>关闭窗口并停止。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Pages</source>
      <translation>页面</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>What can be set</source>
      <translation>可设置的内容</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Defaults</source>
      <translation>默认值</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Set everything on this page as it was at first</source>
      <translation>将本页所有内容恢复为初始值</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <location filename="gui/work/welcome.py" />
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>What was changed holds already</source>
      <translation>更改已经生效</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>Choose …</source>
      <translation>选择…</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_dialog.py" />
      <source>Choose a folder</source>
      <translation>选择文件夹</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_dock.py" />
      <source>Look</source>
      <translation>外观</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Units</source>
      <translation>单位</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Recording</source>
      <translation>录制</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/actions/table.py" />
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/alarms/words.py" />
      <source>Alarms</source>
      <translation>警报</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>as the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Theme</source>
      <translation>主题</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Dark for a dim room, red for eyes that are used to the night, light for a bright room.</source>
      <translation>深色用于昏暗房间，红色用于适应黑夜的眼睛，浅色用于明亮房间。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Text size</source>
      <translation>文字大小</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How large all words are.</source>
      <translation>所有文字的大小。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Of the window's words; it changes when the window is opened anew.</source>
      <translation>窗口文字的语言；重新打开窗口后改变。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>The unit in which temperatures are shown.</source>
      <translation>显示温度所用的单位。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Where recordings and pictures are written; empty is the folder Tapetum in your home.</source>
      <translation>录像和图片的保存位置；留空则为主目录下的 Tapetum 文件夹。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Save the last</source>
      <translation>保存最近</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How many seconds one key saves from what has just been seen.</source>
      <translation>一个按键保存刚看到的多少秒。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Volume</source>
      <translation>音量</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>How loud alarms are.</source>
      <translation>警报的响度。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Latency limit</source>
      <translation>延迟上限</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>From the camera to the screen: above it, the picture is said to be late.</source>
      <translation>从相机到屏幕：超过此值则提示画面延迟。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Old picture</source>
      <translation>过期画面</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>A camera that streams, but gives nothing newer than this, raises an alarm.</source>
      <translation>相机在传输但没有比此更新的画面时，触发警报。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Disk: warn</source>
      <translation>磁盘：提醒</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Say so when the disk will be full in fewer minutes.</source>
      <translation>磁盘将在更少分钟内写满时提醒。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Disk: alarm</source>
      <translation>磁盘：警报</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Raise an alarm when the disk will be full in fewer minutes.</source>
      <translation>磁盘将在更少分钟内写满时发出警报。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>Give the whole path of the folder, from / or ~ on.</source>
      <translation>请给出文件夹的完整路径，以 / 或 ~ 开头。</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>dim red</source>
      <translation>暗红</translation>
    </message>
    <message>
      <location filename="gui/actions/settings_table.py" />
      <source>light</source>
      <translation>浅色</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Session</source>
      <translation>会话</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>Overlay</source>
      <translation>叠加</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>View</source>
      <translation>视图</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>or</source>
      <translation>或</translation>
    </message>
    <message>
      <location filename="gui/actions/table.py" />
      <source>This window cannot do that.</source>
      <translation>此窗口无法执行该操作。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>One large, others beside it</source>
      <translation>一大多小</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the first tile large and the others beside it.</source>
      <translation>第一个窗格放大，其余排在旁边。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>1 tile</source>
      <translation>1 个窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the first tile alone.</source>
      <translation>只显示第一个窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>2 tiles</source>
      <translation>2 个窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show two tiles of one size.</source>
      <translation>显示两个同样大小的窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>4 tiles</source>
      <translation>4 个窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show four tiles of one size.</source>
      <translation>显示四个同样大小的窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>6 tiles</source>
      <translation>6 个窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show six tiles of one size.</source>
      <translation>显示六个同样大小的窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>9 tiles</source>
      <translation>9 个窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show nine tiles of one size.</source>
      <translation>显示九个同样大小的窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Tile alone</source>
      <translation>单独显示窗格</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Show the tile with the focus alone, or all of them again; Enter and a double click do the same.</source>
      <translation>单独显示当前窗格，或恢复全部；Enter 和双击效果相同。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>What the tile shows …</source>
      <translation>窗格内容…</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Choose what the tile with the focus shows: a stream, or a picture of a face. Its menu key does the same.</source>
      <translation>选择当前窗格显示的内容：数据流或人脸图像。菜单键效果相同。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Tile in its own window</source>
      <translation>窗格独立成窗口</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Give the tile with the focus a window of its own, for a second screen; closing that brings it back.</source>
      <translation>让当前窗格独立成窗口，用于第二块屏幕；关闭后返回原处。</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Layouts …</source>
      <translation>布局…</translation>
    </message>
    <message>
      <location filename="gui/actions/tiles.py" />
      <source>Save the tiles as they are under a name, show saved ones, write them into a file or read them from one.</source>
      <translation>以名称保存当前窗格布局、显示已保存的布局、写入文件或从文件读取。</translation>
    </message>
    <message>
      <location filename="gui/actions/toolbar.py" />
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>Lock</source>
      <translation>锁定</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Keep the color range of depth and thermal as it is now.</source>
      <translation>保持深度和热像的颜色范围不变。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Colors</source>
      <translation>颜色</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Show the chosen depth or thermal picture in the next palette.</source>
      <translation>以下一个调色板显示所选深度或热像画面。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Palette, range, isotherm, gamma, CLAHE, spots and areas of the chosen picture, in a panel.</source>
      <translation>在面板中设置所选画面的调色板、范围、等温线、伽马、CLAHE、测点和区域。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Level up</source>
      <translation>电平升高</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Move the range of the chosen picture to higher values, and lock it there.</source>
      <translation>将所选画面的范围移向更高值并锁定。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Level down</source>
      <translation>电平降低</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Move the range of the chosen picture to lower values, and lock it there.</source>
      <translation>将所选画面的范围移向更低值并锁定。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Wider span</source>
      <translation>跨度增大</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Give the colors of the chosen picture a wider range, and lock it: less contrast.</source>
      <translation>加大所选画面的颜色跨度并锁定：对比度降低。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Narrower span</source>
      <translation>跨度减小</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Give the colors of the chosen picture a narrower range, and lock it: more contrast.</source>
      <translation>减小所选画面的颜色跨度并锁定：对比度提高。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm</source>
      <translation>等温线</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Paint the values above, below or between two limits in one color; then none again.</source>
      <translation>将高于、低于或介于两个界限之间的值涂成一种颜色；再按取消。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Hottest and coldest</source>
      <translation>最热与最冷</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Follow the highest and the lowest value of the chosen picture, or stop following.</source>
      <translation>跟踪所选画面的最高值和最低值，或停止跟踪。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Place a spot</source>
      <translation>放置测点</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Read the value of one pixel: click on it, or press the key once more for the middle.</source>
      <translation>读取一个像素的值：点击它，或再按一次键取中心。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Place an area</source>
      <translation>放置区域</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Read the lowest, mean and highest value of an area: draw it, or press the key once more.</source>
      <translation>读取区域的最低、平均和最高值：画出区域，或再按一次键。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/look_panel.py" />
      <source>CLAHE</source>
      <translation>CLAHE</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Raise the contrast of the gray or infrared picture for the eye; the models never see it.</source>
      <translation>为便于观察提高灰度或红外画面的对比度；模型不会看到它。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Swap</source>
      <translation>交换</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Bring the next tile to the first place, which is the large one.</source>
      <translation>将下一个窗格移到第一位，即大窗格。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/status_line.py" />
      <source>Engines</source>
      <translation>引擎</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Say what runs each model and why not the others, and let another engine take over.</source>
      <translation>说明每个模型由什么运行、其他为何不用，并可切换到另一引擎。</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <location filename="gui/tiles/tile_window.py" />
      <source>Full screen</source>
      <translation>全屏</translation>
    </message>
    <message>
      <location filename="gui/actions/view.py" />
      <source>Fill the screen, or go back to a window.</source>
      <translation>填满屏幕，或恢复为窗口。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Say that you have seen this alarm: its sound and blinking end.</source>
      <translation>表示您已看到此警报：声音和闪烁停止。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Show</source>
      <translation>显示</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Go to the picture, or the moment, that this alarm is of.</source>
      <translation>转到此警报所指的画面或时刻。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Mute</source>
      <translation>静音</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>No sound, or no bar, for a stated time.</source>
      <translation>在指定时间内无声或不显示警报栏。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>All …</source>
      <translation>全部…</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <location filename="gui/alarms/alarms_part.py" />
      <source>The list of all alarms, and the sound</source>
      <translation>所有警报的列表和声音</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Sound off for {n} min</source>
      <translation>静音 {n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_bar.py" />
      <source>Bar off for {n} min</source>
      <translation>警报栏关闭 {n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>How many alarms stand, and what is muted</source>
      <translation>有多少警报，以及哪些被静音</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Enter, or a double click, goes to the moment of an alarm.</source>
      <translation>按 Enter 或双击转到警报时刻。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Acknowledge</source>
      <translation>确认(&amp;A)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Say that you have seen the chosen alarm.</source>
      <translation>表示您已看到所选警报。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Acknowledge a&amp;ll</source>
      <translation>全部确认(&amp;L)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Show</source>
      <translation>显示(&amp;S)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Go to the picture, or the moment, of the chosen alarm.</source>
      <translation>转到所选警报的画面或时刻。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Open the cl&amp;ip</source>
      <translation>打开片段(&amp;I)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Show the seconds before and after the chosen alarm in a window of its own; what is watched goes on.</source>
      <translation>在单独的窗口中显示所选警报前后的几秒；当前观看不受影响。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Close</source>
      <translation>关闭(&amp;C)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Close the list. What stands in it stays.</source>
      <translation>关闭列表。其中内容保留。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>What plays the sound</source>
      <translation>用什么播放声音</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Loudness of alarms</source>
      <translation>警报响度</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>How loud alarms are, in percent. Silence has a time: it is a mute.</source>
      <translation>警报的响度（百分比）。无声有时限：那是静音。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Loudness</source>
      <translation>响度(&amp;L)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>&amp;Test the sound</source>
      <translation>测试声音(&amp;T)</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Play the burst of the highest severity once.</source>
      <translation>播放一次最高级别的声音。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>Sound: {words}</source>
      <translation>声音：{words}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>People who are gone, and whose alarms are over and were all acknowledged.</source>
      <translation>已离开且警报均已结束并确认的人。</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>severity</source>
      <translation>级别</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/replay/event_list.py" />
      <source>time</source>
      <translation>时间</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>what</source>
      <translation>内容</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>since</source>
      <translation>始于</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>state</source>
      <translation>状态</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>gone ({n})</source>
      <translation>已离开（{n}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <location filename="gui/alarms/people.py" />
      <source>all acknowledged; over</source>
      <translation>全部已确认；已结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarm_list.py" />
      <source>no alarm</source>
      <translation>无警报</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>sound: {words}</source>
      <translation>声音：{words}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>acknowledged: {what}</source>
      <translation>已确认：{what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>{time}: {what}</source>
      <translation>{time}：{what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>the operator</source>
      <translation>操作员</translation>
    </message>
    <message>
      <location filename="gui/alarms/alarms_part.py" />
      <source>no alarm waits to be acknowledged</source>
      <translation>没有待确认的警报</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>this alarm has no clip</source>
      <translation>此警报没有片段</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>the clip is complete in {n:.0f} s</source>
      <translation>片段将在 {n:.0f} 秒后完成</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>opens {name} in a window of its own</source>
      <translation>在单独的窗口中打开 {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_desk.py" />
      <source>close one of the clips that are open first</source>
      <translation>请先关闭一个已打开的片段</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} is not there any more: it was deleted or moved.</source>
      <translation>{name} 已不存在：已被删除或移动。</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} holds no frame.</source>
      <translation>{name} 不含任何帧。</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} could not be shown: {why}</source>
      <translation>无法显示 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/clip_windows.py" />
      <source>{name} is still being written: what it shows can be opened when it has ended.</source>
      <translation>{name} 仍在写入：结束后才能打开其内容。</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nobody tells it</source>
      <translation>没有来源提供</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nothing has come for a while</source>
      <translation>已有一段时间没有收到</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>who tells it does not know it</source>
      <translation>来源本身不知道</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>somebody speaks, but nothing of it can be used</source>
      <translation>有来源在发送，但内容都无法使用</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>nothing told it then: the strictest limits count</source>
      <translation>当时没有来源提供：采用最严格的限值</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>vehicle speed</source>
      <translation>车速</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>poor conditions</source>
      <translation>恶劣条件</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} {value}, {age} s old, from {source}</source>
      <translation>{name} {value}，{age} 秒前，来自 {source}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>milder limits counted: {known}</source>
      <translation>采用了较宽松的限值：{known}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} unknown ({why}): the strictest limits count</source>
      <translation>{name} 未知（{why}）：采用最严格的限值</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} {value}, from {source}</source>
      <translation>{name} {value}，来自 {source}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>the strictest limits counted: {known}</source>
      <translation>采用了最严格的限值：{known}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{reason}; the last: {why}</source>
      <translation>{reason}；最近的原因：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{line} (no rule asks for it)</source>
      <translation>{line}（没有规则用到）</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>The program was started without --context: nobody can tell it.</source>
      <translation>程序启动时未指定 --context：没有来源可以提供。</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{source}: {problem}</source>
      <translation>{source}：{problem}</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{name} not known</source>
      <translation>{name} 未知</translation>
    </message>
    <message>
      <location filename="gui/alarms/context_words.py" />
      <source>{source}: {n} of {of} lines were of no use, the last: {why}</source>
      <translation>{source}：{of} 行中有 {n} 行无用，最后一行：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>also: {what}</source>
      <translation>还有：{what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>{state} · no clip</source>
      <translation>{state} · 无片段</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>{state} · clip</source>
      <translation>{state} · 有片段</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <location filename="gui/alarms/words.py" />
      <source>{what} not acknowledged</source>
      <translation>{what}未确认</translation>
    </message>
    <message>
      <location filename="gui/alarms/people.py" />
      <source>all acknowledged; still there</source>
      <translation>全部已确认；仍存在</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{first} and {second} are both given; a rule has one of when, all, any</source>
      <translation>同时给出了 {first} 和 {second}；规则只能有 when、all、any 之一</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{first} and {second} are both given; one of them is enough</source>
      <translation>同时给出了 {first} 和 {second}；给出一个即可</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it has no condition; give one of when, all, any</source>
      <translation>没有条件；请给出 when、all、any 之一</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no signal {name}; {why}</source>
      <translation>没有信号 {name}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is said of each face, but the rule is per = "scene"; take per = "face", or the signal faces</source>
      <translation>{name} 针对每张人脸，但规则为 per = "scene"；请用 per = "face"，或信号 faces</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is compared with nothing; give one of {names}</source>
      <translation>{name} 没有比较对象；请给出 {names} 之一</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>equals is given beside another limit; one of them is enough</source>
      <translation>equals 与另一个限值同时给出；给出一个即可</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} stands in label and in not_label</source>
      <translation>{name} 同时出现在 label 和 not_label 中</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the rule is off in this tier, so {name} means nothing</source>
      <translation>规则在此级别中已关闭，因此 {name} 没有意义</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier changes nothing; give off, severity, for_s, when, all or any</source>
      <translation>该级别未作任何更改；请给出 off、severity、for_s、when、all 或 any</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it has no range; give above, at_least, below or at_most</source>
      <translation>没有范围；请给出 above、at_least、below 或 at_most</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nothing is greater than {low} and less than {high}; the limits are crossed</source>
      <translation>没有值大于 {low} 且小于 {high}；上下限颠倒了</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier waits for {its} s, the rule for {own} s; {why}</source>
      <translation>该级别等待 {its} 秒，规则等待 {own} 秒；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier is of severity {its}, the rule {own}; {why}</source>
      <translation>该级别的严重程度为 {its}，规则为 {own}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the tier begins at {its} already, the rule at {own}; {why}</source>
      <translation>该级别从 {its} 就开始，规则从 {own} 开始；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the rule itself counts where the context is unknown, so it must be the strictest: swap them</source>
      <translation>情境未知时采用规则本身，因此它必须最严格：请互换</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a rule {name} is there before; each name may stand once</source>
      <translation>前面已有规则 {name}；每个名称只能出现一次</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the series {name} is named twice</source>
      <translation>序列 {name} 被列出两次</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no tier asks for the series {name}; take it away, or use it</source>
      <translation>没有级别用到序列 {name}；请删除或使用它</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the file does not name a series {name}; {why}</source>
      <translation>文件未列出序列 {name}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} ({meaning}) lies in {low} to {high}, found {value}</source>
      <translation>{name}（{meaning}）应在 {low} 到 {high} 之间，实际为 {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {low} and less than {high}; the limits are crossed</source>
      <translation>没有 {name} 大于 {low} 且小于 {high}；上下限颠倒了</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {low} and less than {high} at once</source>
      <translation>没有 {name} 同时大于 {low} 且小于 {high}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>clear_below belongs to above or at_least, and neither is given</source>
      <translation>clear_below 与 above 或 at_least 搭配，但两者都未给出</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>clear_above belongs to below or at_most, and neither is given</source>
      <translation>clear_above 与 below 或 at_most 搭配，但两者都未给出</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it would end below {its} but begin above {own}: clear_below must not be greater</source>
      <translation>会在低于 {its} 时结束，却在高于 {own} 时开始：clear_below 不得更大</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it would end above {its} but begin below {own}: clear_above must not be less</source>
      <translation>会在高于 {its} 时结束，却在低于 {own} 时开始：clear_above 不得更小</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is less than {low}: it would never end</source>
      <translation>没有 {name} 小于 {low}：将永不结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no {name} is greater than {high}: it would never end</source>
      <translation>没有 {name} 大于 {high}：将永不结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is a number without a word; those with one are {names}</source>
      <translation>{name} 是没有文字的数值；带文字的有 {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is never {value}; {why}</source>
      <translation>{name} 绝不会是 {value}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>did you mean {name}?</source>
      <translation>您是指 {name} 吗？</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>did you mean the ready set {name}?</source>
      <translation>您是指现成的规则 {name} 吗？</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>ready sets are {names}</source>
      <translation>现成的规则有 {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the signals are {names}</source>
      <translation>信号有 {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its words are {names}</source>
      <translation>它的文字有 {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the keys here are {names}</source>
      <translation>此处的键有 {names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>add context = ["{name}"] at the head of the file</source>
      <translation>请在文件开头加上 context = ["{name}"]</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no key {name}; {why}</source>
      <translation>没有键 {name}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the key {name} is missing</source>
      <translation>缺少键 {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name}: {why}, found {value}</source>
      <translation>{name}：{why}，实际为 {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}, found {value}</source>
      <translation>{why}，实际为 {value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a table, such as {example}</source>
      <translation>必须是表，例如 {example}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a list in square brackets</source>
      <translation>必须是方括号中的列表</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a number</source>
      <translation>必须是数字</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be a text in quotation marks</source>
      <translation>必须是引号中的文本</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be small letters and digits with single hyphens between, such as long-glance</source>
      <translation>必须是小写字母和数字，中间用单个连字符，例如 long-glance</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>must be seconds before and after, such as [5, 3], up to {most} each</source>
      <translation>必须是之前和之后的秒数，例如 [5, 3]，各不超过 {most}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no TOML: {why}</source>
      <translation>不是 TOML：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}, at the end of the text</source>
      <translation>{why}，在文本末尾</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its arrays or tables lie too deep in each other</source>
      <translation>其数组或表嵌套过深</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a value that cannot be read: {why}</source>
      <translation>无法读取的值：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the number is too long; integers have at most 64 bits</source>
      <translation>数字过长；整数最多 64 位</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no file of rules {name}; {why}</source>
      <translation>没有规则文件 {name}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>cannot read the rules {name}: {why}</source>
      <translation>无法读取规则 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it is a device, a pipe or the like, no regular file</source>
      <translation>它是设备、管道之类，不是普通文件</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} has {n} bytes; a file of rules has at most {most}</source>
      <translation>{name} 有 {n} 字节；规则文件最多 {most} 字节</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no UTF-8; save the file as UTF-8</source>
      <translation>不是 UTF-8；请将文件保存为 UTF-8</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>cannot run {name}: {why}</source>
      <translation>无法运行 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <location filename="gui/alarms/sound.py" />
      <source>it ended with {code}</source>
      <translation>以 {code} 结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it ended with {code}: {why}</source>
      <translation>以 {code} 结束：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it did not end within {seconds} s, and was ended</source>
      <translation>{seconds} 秒内未结束，已被终止</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} did not answer within {seconds} s</source>
      <translation>{name} 在 {seconds} 秒内未应答</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} gave no answer of HTTP: {value}</source>
      <translation>{name} 未给出 HTTP 应答：{value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} answered {code}</source>
      <translation>{name} 应答 {code}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no clip: {why}</source>
      <translation>无片段：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nothing is recorded, and nothing is kept in memory</source>
      <translation>既未录制，内存中也未保留</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>too many alarms at once</source>
      <translation>同时警报过多</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the cameras have ended</source>
      <translation>摄像头已结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no frame came in its time</source>
      <translation>其间没有收到帧</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the recording ended before the clip did</source>
      <translation>录制在片段之前结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it begins {seconds} s late: nothing was kept before</source>
      <translation>晚开始 {seconds} 秒：之前未保留任何内容</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the disk of {name} has {free} GiB left, {least} stay free</source>
      <translation>{name} 所在磁盘剩余 {free} GiB，其中 {least} 须保留</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} clips fill {name} and {why}, so that none of them is taken away; move them elsewhere</source>
      <translation>{n} 个片段占满了 {name} 且{why}，因此不会被清除；请移到别处</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>have bookmarks</source>
      <translation>带有书签</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>are marked to keep or have bookmarks</source>
      <translation>已标记保留或带有书签</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>watch.clips.folder {name}: there is no such home; give the whole path, from /</source>
      <translation>watch.clips.folder {name}：没有这样的主目录；请给出从 / 开始的完整路径</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the camera's clock stands still in this session: rules count its time, and find nothing</source>
      <translation>此会话中相机时钟静止：规则按该时钟计时，因此没有发现</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the camera's clock goes back {n} times: what goes on ends there, and begins anew</source>
      <translation>相机时钟回跳 {n} 次：进行中的事件在该处结束并重新开始</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>what is stored holds no signals; compute them again: what rules ask of {names} is not known</source>
      <translation>已存储的内容没有信号；请重新计算：规则所需的 {names} 未知</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>signals are switched off: what rules ask of {names} is not known</source>
      <translation>信号已关闭：规则所需的 {names} 未知</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} of {count} stored observations are damaged and were left out</source>
      <translation>{count} 条已存储的观测中有 {n} 条损坏，已略过</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} frames cannot be read: the others say whether the cameras show anything</source>
      <translation>{n} 帧无法读取：由其余帧判断相机是否有画面</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{why}; the zones of these settings are taken</source>
      <translation>{why}；采用当前设置的区域</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a line of more than {most} bytes</source>
      <translation>一行超过 {most} 字节</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no JSON: {why}: {value}</source>
      <translation>不是 JSON：{why}：{value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no object in JSON: {value}</source>
      <translation>不是 JSON 对象：{value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it tells no value: {value}</source>
      <translation>没有给出任何值：{value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{n} values in one line, {most} at most</source>
      <translation>一行中有 {n} 个值，最多 {most} 个</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>its time is {value}, not seconds: it counts from when it came</source>
      <translation>其时间为 {value}，不是秒数：按到达时刻计</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}, no number</source>
      <translation>{name} 为 {value}，不是数字</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>no sentence with a checksum: {value}</source>
      <translation>不是带校验和的语句：{value}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is one name too many: {most} at most</source>
      <translation>{name} 超出名称数量上限：最多 {most} 个</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} tells {name} already</source>
      <translation>{source} 已在提供 {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} came {seconds} s late</source>
      <translation>{name} 迟到 {seconds} 秒</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} was overtaken by a newer value</source>
      <translation>{name} 已被更新的值取代</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is not taken from here: {why}</source>
      <translation>不从此处采用 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>more than {most} lines a second come: the rest is left out</source>
      <translation>每秒超过 {most} 行：其余略过</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the clock of who sends leapt</source>
      <translation>发送方的时钟发生跳变</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is no name of a series: small letters, digits and underscores</source>
      <translation>{name} 不是序列名：应为小写字母、数字和下划线</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a speed needs its unit ({units}), found {value}; or call it {name}</source>
      <translation>速度需要单位（{units}），实为 {value}；或命名为 {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>a speed needs its unit ({units}), none is told; or call it {name}</source>
      <translation>速度需要单位（{units}），但没有给出；或命名为 {name}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is in km/h, found the unit {value}; call it {other} with its unit</source>
      <translation>{name} 的单位是 km/h，实为 {value}；请命名为 {other} 并注明单位</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is no number (NaN)</source>
      <translation>{name} 不是数字（NaN）</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}: a speed is not negative</source>
      <translation>{name} 为 {value}：速度不能为负</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{name} is {value}: no vehicle is so fast</source>
      <translation>{name} 为 {value}：没有车辆这么快</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} cannot be listened at: {why}</source>
      <translation>无法监听 {source}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the port {port} is taken by another program; end that one, or choose another port</source>
      <translation>端口 {port} 已被另一程序占用；请结束该程序或另选端口</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>the port {port} is the system's; choose one from 1024 on</source>
      <translation>端口 {port} 属于系统；请选择 1024 及以上的端口</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{host} is no address of this machine; listen at 127.0.0.1</source>
      <translation>{host} 不是本机地址；请监听 127.0.0.1</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} cannot be opened: {why}</source>
      <translation>无法打开 {source}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>there is no {name}; serial lines here: {names}</source>
      <translation>没有 {name}；此处的串口：{names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>nobody may read {name} but its group; on Debian: sudo usermod -aG dialout $USER</source>
      <translation>只有所属组可以读取 {name}；在 Debian 上：sudo usermod -aG dialout $USER</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>another program reads {name}; end that one (gpsd takes receivers for itself)</source>
      <translation>另一程序正在读取 {name}；请结束它（gpsd 会独占接收机）</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>it is gone ({why})</source>
      <translation>已断开（{why}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>sentences of a receiver need the package pynmeagps: pip install "tapetum[gps]" ({why})</source>
      <translation>接收机语句需要软件包 pynmeagps：pip install "tapetum[gps]"（{why}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/problem_words.py" />
      <source>{source} needs the package pyserial: pip install "tapetum[gps]" ({why})</source>
      <translation>{source} 需要软件包 pyserial：pip install "tapetum[gps]"（{why}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Drowsy: the eyes are often closed</source>
      <translation>困倦：经常闭眼</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Very drowsy: the eyes are closed too much</source>
      <translation>非常困倦：闭眼过多</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Long blinks, one after the other</source>
      <translation>连续出现长时间眨眼</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Yawns again and again</source>
      <translation>频繁打哈欠</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Microsleep: the eyes have closed</source>
      <translation>微睡眠：双眼已闭合</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Asleep: the eyes stay closed</source>
      <translation>睡着：双眼持续闭合</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Unresponsive: the eyes are closed, or do not come back to the road</source>
      <translation>无反应：双眼闭合，或视线未回到路面</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Looks away from the road for long</source>
      <translation>视线长时间离开路面</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Looks away from the road too often</source>
      <translation>视线过于频繁离开路面</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Distracted: eyes on the road</source>
      <translation>分心：请注视路面</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Attention is used up</source>
      <translation>注意力已耗尽</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The face is covered: eyes and mouth are hard to read</source>
      <translation>人脸被遮挡：难以判读眼睛和嘴</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>No driver is seen</source>
      <translation>未见驾驶员</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The camera is covered, or shows nothing</source>
      <translation>相机被遮挡，或没有显示任何内容</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody is there</source>
      <translation>有人出现</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody stays</source>
      <translation>有人停留</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody is close</source>
      <translation>有人在近处</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>Somebody comes closer fast</source>
      <translation>有人快速靠近</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>A face is masked</source>
      <translation>有人蒙面</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>A masked face is close</source>
      <translation>蒙面者在近处</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>More people than expected</source>
      <translation>人数多于预期</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>The warmth or shape is not that of a bare living face</source>
      <translation>热度或形状不符合无遮挡的活体人脸</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the face is gone</source>
      <translation>人脸已消失</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>not known any more</source>
      <translation>不再可知</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the camera's clock leapt</source>
      <translation>相机时钟跳变</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>no picture came for a while</source>
      <translation>有一段时间没有画面传来</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>another face has its number now</source>
      <translation>其编号现属于另一张人脸</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule was changed</source>
      <translation>规则已更改</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule was taken away</source>
      <translation>规则已移除</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>the rule does not apply any more</source>
      <translation>规则不再生效</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>nobody looks any more</source>
      <translation>不再检查</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what} (face {n})</source>
      <translation>{what}（人脸 {n}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; over: {why}</source>
      <translation>{what}；已结束：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; seen by {who}</source>
      <translation>{what}；{who} 已确认</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; muted for {n:.0f} s</source>
      <translation>{what}；静音 {n:.0f} 秒</translation>
    </message>
    <message>
      <location filename="gui/alarms/rule_events.py" />
      <source>{what}; {why}</source>
      <translation>{what}；{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_panel.py" />
      <source>No rules</source>
      <translation>无规则</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Signals are shown; nothing makes alarms of them.</source>
      <translation>显示信号，但不据此触发警报。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_words.py" />
      <source>In a car</source>
      <translation>车内</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>A driver who falls asleep, or looks away.</source>
      <translation>驾驶员睡着或移开视线。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/replay/rules_words.py" />
      <source>Night watch</source>
      <translation>夜间值守</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Somebody comes, stays, comes closer, or hides the face.</source>
      <translation>有人出现、停留、靠近或遮住脸。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Rules</source>
      <translation>规则</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>A file</source>
      <translation>文件</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Rules of your own, in TOML; a change to the file counts at once.</source>
      <translation>您自己的规则（TOML）；文件更改后立即生效。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>File of rules</source>
      <translation>规则文件</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Choose a file of rules.</source>
      <translation>选择规则文件。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>State of the rules</source>
      <translation>规则状态</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Use these</source>
      <translation>使用这些规则</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>From now on these rules make alarms.</source>
      <translation>从现在起由这些规则触发警报。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>No rules count now.</source>
      <translation>当前没有规则生效。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Told outside: {n} alarms, {failed} could not be told, {dropped} left out, {waiting} wait.</source>
      <translation>已对外通知：{n} 个警报，{failed} 个未能通知，{dropped} 个略过，{waiting} 个等待。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>name a file of rules, or choose a ready set</source>
      <translation>请指定规则文件，或选择现成的规则</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Choose a file of rules</source>
      <translation>选择规则文件</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>Rules (*.toml)</source>
      <translation>规则 (*.toml)</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>{name} counts now.</source>
      <translation>当前生效：{name}。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_dialog.py" />
      <source>{name} counts now: {file}</source>
      <translation>当前生效的是 {name}：{file}</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_part.py" />
      <source>No picture comes: the rules do not know what goes on.</source>
      <translation>没有画面：规则无法得知当前情况。</translation>
    </message>
    <message>
      <location filename="gui/alarms/rules_part.py" />
      <location filename="gui/replay/rules_control.py" />
      <source>The rules stay as they were: {why}</source>
      <translation>规则保持不变：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>eyes closed for {s} s</source>
      <translation>闭眼 {s} 秒</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>PERCLOS {share}</source>
      <translation>PERCLOS {share}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>yawns</source>
      <translation>打哈欠</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks at: {zone}</source>
      <translation>看向：{zone}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks away for {s} s</source>
      <translation>视线移开 {s} 秒</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>looks away for {s} s: {zone}</source>
      <translation>移开视线 {s} 秒：{zone}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>face covered: {what}</source>
      <translation>人脸被遮挡：{what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>face covered</source>
      <translation>人脸被遮挡</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>wears glasses</source>
      <translation>戴眼镜</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>perhaps no living face ({share})</source>
      <translation>可能不是活体人脸（{share}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>comes closer, {speed} m/s</source>
      <translation>靠近，{speed} m/s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>goes away, {speed} m/s</source>
      <translation>远离，{speed} m/s</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin at the eyes {value} {unit} (corrected)</source>
      <translation>眼部皮肤 {value} {unit}（已校正）</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>breathes {rate} a minute</source>
      <translation>每分钟呼吸 {rate} 次</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of the own right eye, personal</source>
      <translation>本人右眼睁开度，按个人</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of the own left eye, personal</source>
      <translation>本人左眼睁开度，按个人</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>openness of both eyes, personal</source>
      <translation>双眼睁开度，按个人</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while the eyes are closed</source>
      <translation>闭眼时为 1</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>for how long the eyes have been closed</source>
      <translation>眼睛已闭多久</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>blinks</source>
      <translation>眨眼</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how long the last blink took</source>
      <translation>上次眨眼时长</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>long blinks</source>
      <translation>长眨眼</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>share of time with closed eyes</source>
      <translation>闭眼时间占比</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>opening of the mouth over its width</source>
      <translation>嘴的张开度与宽度之比</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while yawning</source>
      <translation>打哈欠时为 1</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head turned to own left</source>
      <translation>头转向本人左侧</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head raised</source>
      <translation>抬头</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>head tilted to own right</source>
      <translation>头偏向本人右侧</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>gaze to own left</source>
      <translation>视线向本人左侧</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>gaze upward</source>
      <translation>视线向上</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>zone looked at; 1 where that is on-task</source>
      <translation>注视区域；属于任务时为 1</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>length of the glance off the road</source>
      <translation>视线离开道路的时长</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>glances off the road added up over 30 s</source>
      <translation>30 秒内离开道路的视线累计</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>what is left of the attention buffer</source>
      <translation>注意力缓冲余量</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>for how long the face has been there</source>
      <translation>人脸已出现多久</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>from the camera</source>
      <translation>与摄像头的距离</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how fast the face comes closer</source>
      <translation>人脸靠近的速度</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how fast the face moves</source>
      <translation>人脸移动的速度</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely the face is covered</source>
      <translation>人脸被遮挡的把握</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely glasses are worn</source>
      <translation>戴眼镜的把握</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin at the inner corners of the eyes</source>
      <translation>内眼角皮肤</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>skin of the forehead</source>
      <translation>额头皮肤</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>the same, relative</source>
      <translation>同上，相对值</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>breaths</source>
      <translation>呼吸</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely this is a living face</source>
      <translation>是活体人脸的把握</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how well two cameras agree on it</source>
      <translation>两个摄像头的一致程度</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how surely this is a face</source>
      <translation>是人脸的把握</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>how many faces are believed</source>
      <translation>可信的人脸数</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>1 while the cameras show something, 0 while they are covered or silent</source>
      <translation>摄像头有画面时为 1，被遮挡或无声息时为 0</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>road</source>
      <translation>路面</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>instruments</source>
      <translation>仪表</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>inside mirror</source>
      <translation>车内后视镜</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left mirror</source>
      <translation>左后视镜</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right mirror</source>
      <translation>右后视镜</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>windscreen</source>
      <translation>挡风玻璃</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left window</source>
      <translation>左侧车窗</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>centre screen</source>
      <translation>中控屏</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right window</source>
      <translation>右侧车窗</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>lap</source>
      <translation>腿上</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <location filename="gui/status/readouts.py" />
      <source>screen</source>
      <translation>屏幕</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>keyboard</source>
      <translation>键盘</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>left side</source>
      <translation>左侧</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>right side</source>
      <translation>右侧</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>mask</source>
      <translation>口罩</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>hand</source>
      <translation>手</translation>
    </message>
    <message>
      <location filename="gui/alarms/signal_phrases.py" />
      <source>unknown cover</source>
      <translation>未知遮挡物</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it did not end in time: the sound device hangs</source>
      <translation>未按时结束：声音设备无响应</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it cannot play</source>
      <translation>无法播放</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>it cannot be started: {why}</source>
      <translation>无法启动：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>alarms are heard by the desktop's bell at most, since {why}</source>
      <translation>警报最多只能用桌面提示音，因为{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>no sound on this machine but the desktop's bell: install pw-play (pipewire-bin), paplay (pulseaudio-utils) or aplay (alsa-utils)</source>
      <translation>本机除桌面提示音外没有声音：请安装 pw-play (pipewire-bin)、paplay (pulseaudio-utils) 或 aplay (alsa-utils)</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>played by {name}</source>
      <translation>由 {name} 播放</translation>
    </message>
    <message>
      <location filename="gui/alarms/sound.py" />
      <source>{name}: {why}</source>
      <translation>{name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The window does not keep up</source>
      <translation>窗口跟不上</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: the camera is gone</source>
      <translation>{names}：相机已断开</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source> (face {n})</source>
      <translation>（人脸 {n}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{words}: {reason}</source>
      <translation>{words}：{reason}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: no picture comes</source>
      <translation>{names}：没有画面传来</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: {n} frames lost in {s} s</source>
      <translation>{name}：{s} 秒内丢失 {n} 帧</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Pictures come, but none is painted</source>
      <translation>有画面传来，但均未绘制</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: a clock leapt by {by} s: times and latency are unsure</source>
      <translation>{names}：时钟跳变 {by} 秒：时间和延迟不可靠</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the screen is {ms} behind the camera (limit {limit})</source>
      <translation>{name}：屏幕落后相机 {ms}（上限 {limit}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The recording loses frames: {told}</source>
      <translation>录像正在丢帧：{told}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{n} clips are not whole</source>
      <translation>{n} 个片段不完整</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Works without: {names}</source>
      <translation>缺少以下模型运行：{names}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Nothing is computed: no engine runs ({n} pictures)</source>
      <translation>没有计算：没有引擎运行（{n} 幅画面）</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: no picture comes</source>
      <translation>{name}：没有画面传来</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{names}: pictures come, but they are not painted</source>
      <translation>{names}：有画面传来，但未绘制</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: {engine} was given up, {other} runs</source>
      <translation>{name}：已放弃 {engine}，改用 {other}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the camera streams, but its picture is {age} old</source>
      <translation>{name}：相机在传输，但画面已过期 {age}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The recording {name} ended by itself</source>
      <translation>录像 {name} 自行结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The disk is nearly full: {left}</source>
      <translation>磁盘即将写满：{left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>The cameras have ended</source>
      <translation>相机已结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: no engine could compute it</source>
      <translation>{name}：没有引擎能够计算</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>{name}: the fallback {engine} runs</source>
      <translation>{name}：正在运行后备引擎 {engine}</translation>
    </message>
    <message>
      <location filename="gui/alarms/sources.py" />
      <source>Nothing comes</source>
      <translation>没有任何数据传来</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>An alarm was not told to {target}: {why}</source>
      <translation>警报未能通知 {target}：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>An alarm has no clip: {why}</source>
      <translation>警报没有片段：{why}</translation>
    </message>
    <message>
      <location filename="gui/alarms/troubles.py" />
      <source>Clips of alarms need room: {name} was deleted, the oldest of them.</source>
      <translation>警报片段需要空间：已删除其中最旧的 {name}。</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>acknowledged by {who} at {time}</source>
      <translation>{who} 于 {time} 确认</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{alarms} ({n} of {people})</source>
      <translation>{alarms}（其中 {n} 个属于{people}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>last seen {time}</source>
      <translation>最后看到 {time}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>alarm acknowledged by {who}: {what}</source>
      <translation>{who} 已确认警报：{what}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms off for {n} min, by {who}</source>
      <translation>{who} 关闭警报栏 {n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms on again, by {who}</source>
      <translation>{who} 重新开启警报栏</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>ALARM</source>
      <translation>警报</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>WARNING</source>
      <translation>警告</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>NOTICE</source>
      <translation>提示</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>since {time} ({age})</source>
      <translation>自 {time}（{age}）</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{time}, over after {age}</source>
      <translation>{time}，{age}后结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{seen}; still there</source>
      <translation>{seen}；仍存在</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{seen}; over</source>
      <translation>{seen}；已结束</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>1 alarm</source>
      <translation>1 个警报</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} alarms</source>
      <translation>{n} 个警报</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>1 person</source>
      <translation>1 人</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} people</source>
      <translation>{n} 人</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{alarms} of {people}</source>
      <translation>{people}的 {alarms}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>Alarms: {count}</source>
      <translation>警报：{count}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms off for {n} min, by {who}</source>
      <translation>{who} 将警报静音 {n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms on again, by {who}</source>
      <translation>{who} 重新开启警报声</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound of alarms on again</source>
      <translation>警报声已重新开启</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar of alarms on again</source>
      <translation>警报栏已重新开启</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <location filename="gui/replay/timeline_words.py" />
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/tile_words.py" />
      <location filename="gui/work/task_words.py" />
      <source>{n} s</source>
      <translation>{n} 秒</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>still there</source>
      <translation>仍存在</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>over, not acknowledged</source>
      <translation>已结束，未确认</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>sound off for {left}</source>
      <translation>静音还剩 {left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>bar off for {left}</source>
      <translation>警报栏关闭还剩 {left}</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{what} acknowledged, still there</source>
      <translation>{what}已确认，仍在持续</translation>
    </message>
    <message>
      <location filename="gui/alarms/words.py" />
      <source>{n} times</source>
      <translation>{n} 次</translation>
    </message>
    <message>
      <location filename="gui/app.py" />
      <source>Something failed inside ({why}). What runs goes on; the log has the details.</source>
      <translation>内部出现故障（{why}）。正在运行的部分会继续；详情见日志。</translation>
    </message>
    <message>
      <location filename="gui/desk.py" />
      <source>this window shows what it was opened with: nothing else can be opened in it</source>
      <translation>此窗口只显示打开时的内容：不能在其中打开其他内容</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <location filename="gui/replay/track_values.py" />
      <source>right eye</source>
      <translation>右眼</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <location filename="gui/replay/track_values.py" />
      <source>left eye</source>
      <translation>左眼</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>right</source>
      <translation>右</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>left</source>
      <translation>左</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} eye unknown</source>
      <translation>{side}眼未知</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} CLOSED {percent} %</source>
      <translation>{side}闭合 {percent} %</translation>
    </message>
    <message>
      <location filename="gui/faces/eye_bar.py" />
      <source>{side} open {percent} %</source>
      <translation>{side}睁开 {percent} %</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/filling.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/titles.py" />
      <source>Face {id}</source>
      <translation>人脸 {id}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>{share} sure</source>
      <translation>把握 {share}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>hottest {value} {unit}</source>
      <translation>最热 {value} {unit}</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>95th percentile of the apparent temperature within the face in {stream}: no body temperature.</source>
      <translation>{stream} 中人脸内表观温度的第 95 百分位：并非体温。</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>confidence</source>
      <translation>置信度</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/track_values.py" />
      <source>distance</source>
      <translation>距离</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/reason_phrases.py" />
      <source>temperature</source>
      <translation>温度</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>yaw</source>
      <translation>偏航</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: turns to the person's own left</source>
      <translation>为正：转向本人左侧</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>pitch</source>
      <translation>俯仰</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: looks up</source>
      <translation>为正：向上看</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/replay/track_values.py" />
      <source>roll</source>
      <translation>滚转</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>positive: tilts to the person's own right</source>
      <translation>为正：向本人右侧倾斜</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>how sure the models are</source>
      <translation>模型的把握程度</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>not believed</source>
      <translation>不予采信</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <source>{n} more signals</source>
      <translation>另有 {n} 个信号</translation>
    </message>
    <message>
      <location filename="gui/faces/face_card.py" />
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>uncertain</source>
      <translation>不确定</translation>
    </message>
    <message>
      <location filename="gui/faces/face_column.py" />
      <location filename="gui/tiles/freshness.py" />
      <source>no face</source>
      <translation>没有人脸</translation>
    </message>
    <message>
      <location filename="gui/faces/face_column.py" />
      <source>{n} more faces, farther away</source>
      <translation>另有 {n} 张更远的人脸</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>GENERATED by {model}: imagined, not measured.</source>
      <translation>GENERATED，由 {model} 生成：想象所得，并非实测。</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Mean confidence {share}: so likely is the relief of a pixel right to 10 mm. Where the model is unsure, the surface lies in fog.</source>
      <translation>平均置信度 {share}：像素起伏误差在 10 mm 以内的可能性。模型不确定处，表面笼罩在雾中。</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>{name} {share} sure</source>
      <translation>{name} 把握 {share}</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>This model does not tell how sure it is.</source>
      <translation>此模型不给出把握程度。</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Generated {name}</source>
      <translation>生成的{name}</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>Depth hardly tells colors: no part of this picture is surer than another.</source>
      <translation>深度几乎不能说明颜色：此图像没有哪一部分比另一部分更可靠。</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>One eye does not tell a face: this is no likeness of anybody.</source>
      <translation>一只眼睛说明不了整张脸：这不是任何人的样貌。</translation>
    </message>
    <message>
      <location filename="gui/faces/generated_view.py" />
      <source>{name}: sureness not told</source>
      <translation>{name}：未给出把握程度</translation>
    </message>
    <message>
      <location filename="gui/look/dock_title.py" />
      <source>Close the panel</source>
      <translation>关闭面板</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Ironbow</source>
      <translation>铁红</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>White hot</source>
      <translation>白热</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Black hot</source>
      <translation>黑热</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Rainbow</source>
      <translation>彩虹</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Arctic</source>
      <translation>极地</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Inferno</source>
      <translation>Inferno</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Viridis</source>
      <translation>Viridis</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Cividis</source>
      <translation>Cividis</translation>
    </message>
    <message>
      <location filename="gui/looks/look.py" />
      <source>Turbo</source>
      <translation>Turbo</translation>
    </message>
    <message>
      <location filename="gui/looks/look_dock.py" />
      <source>Look of a stream</source>
      <translation>数据流的显示</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <source> ({age} old)</source>
      <translation>（已过 {age}）</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/spots.py" />
      <source>shutter closed</source>
      <translation>快门关闭</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/marks_table.py" />
      <location filename="gui/replay/transport.py" />
      <source>max</source>
      <translation>最高</translation>
    </message>
    <message>
      <location filename="gui/looks/look_marks.py" />
      <location filename="gui/looks/marks_table.py" />
      <source>min</source>
      <translation>最低</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Off</source>
      <translation>关</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Above</source>
      <translation>高于</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Below</source>
      <translation>低于</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Between</source>
      <translation>介于</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Stream</source>
      <translation>数据流</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Which stream's look this is.</source>
      <translation>这是哪个数据流的显示设置。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Palette</source>
      <translation>调色板</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Colors of depth and thermal (C: the next one).</source>
      <translation>深度和热像的颜色（C：下一个）。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Range</source>
      <translation>范围</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Keep the range as it is; otherwise it follows the picture slowly.</source>
      <translation>保持范围不变；否则缓慢跟随画面。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lock the range</source>
      <translation>锁定范围</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Low</source>
      <translation>下限</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value of the first color.</source>
      <translation>第一种颜色对应的值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>High</source>
      <translation>上限</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value of the last color.</source>
      <translation>最后一种颜色对应的值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Level</source>
      <translation>电平</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Value in the middle of the colors.</source>
      <translation>颜色中点对应的值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Span</source>
      <translation>跨度</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>From the first color to the last.</source>
      <translation>从第一种颜色到最后一种。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Paint these values in one color over the palette.</source>
      <translation>将这些值以单一颜色覆盖在调色板上。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm from</source>
      <translation>等温线起</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lowest value that is painted.</source>
      <translation>着色的最低值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Isotherm to</source>
      <translation>等温线止</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Highest value that is painted.</source>
      <translation>着色的最高值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>For the eye</source>
      <translation>仅供观看</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Only what is shown changes: the models always get the camera's own pixels.</source>
      <translation>仅改变显示：模型始终得到相机的原始像素。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Gamma</source>
      <translation>伽马</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Above 1 lifts the shadows; 1 leaves the picture as it is.</source>
      <translation>大于 1 提亮暗部；1 保持画面原样。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Contrast is raised in each part of the picture by itself.</source>
      <translation>在画面各部分分别提高对比度。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Limit of CLAHE</source>
      <translation>CLAHE 限值</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>How far contrast is raised at most.</source>
      <translation>对比度最多提高多少。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Readouts</source>
      <translation>读数</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Spot</source>
      <translation>测点</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Then click on the picture: reads one pixel.</source>
      <translation>然后点击画面：读取一个像素。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Area</source>
      <translation>区域</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Then draw on the picture: reads the lowest, mean and highest value.</source>
      <translation>然后在画面上绘制：读取最低、平均和最高值。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Delete</source>
      <translation>删除</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Take the chosen spot or area away (Delete in the list).</source>
      <translation>移除所选测点或区域（在列表中按 Delete）。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Highest</source>
      <translation>最高点</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Follow the hottest (in depth: the farthest) pixel.</source>
      <translation>跟踪最热的像素（深度中为最远）。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Lowest</source>
      <translation>最低点</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Follow the coldest (in depth: the nearest) pixel.</source>
      <translation>跟踪最冷的像素（深度中为最近）。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Temperatures in</source>
      <translation>温度单位</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>In which unit temperatures are written everywhere.</source>
      <translation>各处温度所用的单位。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Red pictures at night</source>
      <translation>夜间红色画面</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>In the night theme pictures are red too, so that eyes stay used to the dark.</source>
      <translation>夜间主题下画面也为红色，使眼睛保持对黑暗的适应。</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>in {unit}</source>
      <translation>单位 {unit}</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>Mark distances</source>
      <translation>标记距离</translation>
    </message>
    <message>
      <location filename="gui/looks/look_panel.py" />
      <source>the picture is {age} old</source>
      <translation>画面已过期 {age}</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>click on the picture</source>
      <translation>点击画面</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>draw on the picture</source>
      <translation>在画面上绘制</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{where}; the same key once more puts it into the middle</source>
      <translation>{where}；再按同一键则放在中央</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>no gray or infrared picture is shown: CLAHE is for these</source>
      <translation>没有显示灰度或红外画面：CLAHE 用于这些画面</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>nothing is measured in this picture: spots are for depth, thermal and gray</source>
      <translation>此画面中没有测量值：测点用于深度、热像和灰度</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>there are {n} spots and areas, and no more</source>
      <translation>已有 {n} 个测点和区域，不能再多</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{name} reads the middle; {keys} opens the list in which it is moved</source>
      <translation>{name} 读取中心；{keys} 打开可移动它的列表</translation>
    </message>
    <message>
      <location filename="gui/looks/looks_part.py" />
      <source>{name} reads the middle; the panel of looks has the list in which it is moved</source>
      <translation>{name} 读取中心；外观面板中有可移动它的列表</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>Spots and areas</source>
      <translation>测点和区域</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>Shift and the arrows move the chosen one, Ctrl+Shift by ten pixels; Delete takes it away.</source>
      <translation>Shift 加方向键移动所选项，Ctrl+Shift 移动十个像素；Delete 移除。</translation>
    </message>
    <message>
      <location filename="gui/looks/marks_table.py" />
      <source>mean</source>
      <translation>平均</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>not radiometric</source>
      <translation>非测温型</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>not radiometric: {why}</source>
      <translation>非测温型：{why}</translation>
    </message>
    <message>
      <location filename="gui/looks/scale.py" />
      <source>counts</source>
      <translation>计数</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>generated, not measured</source>
      <translation>生成的，并非实测</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>color is not measured</source>
      <translation>颜色不作测量</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>outside the picture</source>
      <translation>在画面之外</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>saturated</source>
      <translation>饱和</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <location filename="gui/tiles/readout.py" />
      <source>no reading</source>
      <translation>无读数</translation>
    </message>
    <message>
      <location filename="gui/looks/spots.py" />
      <source>no temperature that can be</source>
      <translation>不可能的温度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>no landmarks</source>
      <translation>没有关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no landmarks are seen</source>
      <translation>未见关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face has no landmarks</source>
      <translation>人脸没有关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmark model sees no face here ({evidence})</source>
      <translation>关键点模型在此处未见人脸（{evidence}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no image could be read at the face</source>
      <translation>人脸处无法读取图像</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the model {name} is not loaded: {why}</source>
      <translation>模型 {name} 未加载：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it was not asked for</source>
      <translation>未请求</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>uncalibrated camera</source>
      <translation>相机未标定</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>uncalibrated camera: the angles assume a field of view of {degrees} degrees</source>
      <translation>相机未标定：角度按 {degrees} 度视场角计算</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth stream</source>
      <translation>没有深度数据流</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth reading round the head centre</source>
      <translation>头部中心周围没有深度读数</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no distance is known</source>
      <translation>距离未知</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head centre lies beyond what the lens shows</source>
      <translation>头部中心超出镜头视野</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head centre lies outside the image</source>
      <translation>头部中心在图像之外</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>depths round the head centre span {mm} mm: something is held before the face, or its edge is there</source>
      <translation>头部中心周围的深度相差 {mm} mm：脸前有物体，或此处是脸的边缘</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture of a face: the surface is flat to {mm} mm</source>
      <translation>人脸图片：表面平整，偏差 {mm} mm 以内</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture of a face: a bent sheet, smooth to {mm} mm</source>
      <translation>人脸图片：弯曲的薄片，平滑偏差 {mm} mm 以内</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture or a doll: {times} times the size of a face at its distance</source>
      <translation>图片或玩偶：为该距离处人脸大小的 {times} 倍</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not told while a face is followed</source>
      <translation>跟踪人脸期间不给出</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>followed for {n} FrameSet: the model rests</source>
      <translation>已跟踪 {n} 个帧组：模型休息</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>followed for {n} FrameSets: the model rests</source>
      <translation>已跟踪 {n} 个帧组：模型休息</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {n} of {total} steady landmarks are seen well enough</source>
      <translation>{total} 个稳定关键点中只有 {n} 个足够清晰</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks lie within 2 px of a line</source>
      <translation>关键点几乎在一条直线上（2 px 以内）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks lie upon each other</source>
      <translation>关键点相互重叠</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose fits the landmarks</source>
      <translation>没有与关键点相符的头部姿态</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose fits the landmarks ({why})</source>
      <translation>没有与关键点相符的头部姿态（{why}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks lies behind the camera</source>
      <translation>与关键点相符的头部姿态位于相机后方</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks lies beyond what the lens shows</source>
      <translation>与关键点相符的头部姿态超出镜头视野</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose that fits the landmarks shows the back of the head</source>
      <translation>与关键点相符的头部姿态显示的是后脑</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the average head misses the landmarks by {px} px, {share} % of the distance between the eyes' corners</source>
      <translation>平均头部模型与关键点相差 {px} px，为眼角间距的 {share} %</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head pose is no number</source>
      <translation>头部姿态不是数字</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too far: {px} px between the outer eye corners, {least} are needed</source>
      <translation>太远：外眼角间距 {px} px，需要 {least}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>cut by the border: {share} % of the face lie outside</source>
      <translation>被边缘截断：人脸有 {share} % 在画面外</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>blinded: {share} % of the face is white or black</source>
      <translation>曝光失效：人脸有 {share} % 为全白或全黑</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>an eye lies at the border of the picture</source>
      <translation>一只眼睛位于画面边缘</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>read from depth, which does not show whether eyes are open</source>
      <translation>由深度读取，无法显示眼睛是否睁开</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>read from a thermal image, which hardly shows whether eyes are open</source>
      <translation>由热像图像读取，难以显示眼睛是否睁开</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>failed: {name}: {why}</source>
      <translation>失败：{name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody looked: {why}</source>
      <translation>未检查：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not computed</source>
      <translation>未计算</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>not computed: {why}</source>
      <translation>未计算：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>made every n-th FrameSet to keep the latency budget</source>
      <translation>每隔若干帧组生成一次，以满足延迟预算</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no picture to make it from</source>
      <translation>没有可用于生成的画面</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{share} % of the face is white or black in the picture</source>
      <translation>画面中人脸有 {share} % 为全白或全黑</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>where the eyes are is not known</source>
      <translation>不知道眼睛在哪里</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned by {degrees} degrees: its eye is hardly seen</source>
      <translation>头部转过 {degrees} 度：几乎看不到眼睛</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eye is {found} px wide, {needed} are needed</source>
      <translation>眼睛宽 {found} 像素，需要 {needed} 像素</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{share} % of the eye is white or black in the picture</source>
      <translation>图像中眼睛有 {share} % 是白色或黑色</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eye picture has no contrast ({levels} levels)</source>
      <translation>眼睛图像没有对比度（{levels} 级）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture shows next to nothing at the face</source>
      <translation>画面在人脸处几乎没有内容</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no depth to make it from</source>
      <translation>没有可用于生成的深度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>there is no depth reading at the face to make it from</source>
      <translation>人脸处没有可用于生成的深度读数</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {share} % of the crop has depth in range</source>
      <translation>裁剪区域只有 {share} % 的深度在范围内</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>without a head pose nobody knows whether the eyes can be seen</source>
      <translation>没有头部姿态，无法得知能否看到眼睛</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned by {degrees} degrees: one eye is hidden</source>
      <translation>头部转动 {degrees} 度：一只眼睛被挡住</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is tilted by {degrees} degrees: the lids are hidden</source>
      <translation>头部倾斜 {degrees} 度：眼睑被挡住</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of an eye are unsure (confidence {sure})</source>
      <translation>一只眼睛的关键点不确定（置信度 {sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the right eye are unsure ({sure})</source>
      <translation>右眼的关键点不确定（{sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the left eye are unsure ({sure})</source>
      <translation>左眼的关键点不确定（{sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the right eye cannot be measured</source>
      <translation>无法测量右眼</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody can tell how far the right eye is open (confidence {sure})</source>
      <translation>无法判断右眼睁开多少（置信度 {sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nobody can tell how far the left eye is open (confidence {sure})</source>
      <translation>无法判断左眼睁开多少（置信度 {sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the left eye cannot be measured</source>
      <translation>无法测量左眼</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the right eye is on the far side: the head is turned by {degrees} degrees</source>
      <translation>右眼在远侧：头部转动 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the left eye is on the far side: the head is turned by {degrees} degrees</source>
      <translation>左眼在远侧：头部转动 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no eyes are seen: the head is turned {degrees} degrees</source>
      <translation>看不到眼睛：头部转动 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the lids are not seen: the head is tilted {degrees} degrees</source>
      <translation>看不到眼睑：头部倾斜 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes are too small: {px} px between their outer corners</source>
      <translation>眼睛太小：外眼角间距 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the corners of the eyes are not seen</source>
      <translation>看不到眼角</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes are read too weakly to tell whether they are closed (confidence {sure})</source>
      <translation>眼睛读取太弱，无法判断是否闭合（置信度 {sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no blink has been seen yet</source>
      <translation>尚未看到眨眼</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes were seen for {seconds} s, {least} are needed</source>
      <translation>眼睛可见 {seconds} 秒，需要 {least} 秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the eyes were seen for {share} % of the last {seconds} s, {least} % are needed</source>
      <translation>最近 {seconds} 秒中眼睛可见 {share} %，需要 {least} %</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a picture every {seconds} s is too few to see blinks</source>
      <translation>每 {seconds} 秒一幅画面太少，无法看到眨眼</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze is not known</source>
      <translation>视线未知</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze has been known for {seconds} s only</source>
      <translation>视线仅知 {seconds} 秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the gaze was known for {share} % of the time, {least} % are needed</source>
      <translation>视线已知时间占 {share} %，需要 {least} %</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no head pose is known</source>
      <translation>头部姿态未知</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees away from the camera</source>
      <translation>头部偏离相机 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and no face to measure</source>
      <translation>没有深度，也没有可测量的人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and no face to measure: {why}</source>
      <translation>没有深度，也没有可测量的人脸：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and the lens is not known: the camera is not calibrated</source>
      <translation>没有深度，且镜头参数未知：相机未标定</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth, and the head is turned {degrees} degrees: its size is not seen</source>
      <translation>没有深度，且头部转动 {degrees} 度：看不出其大小</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>seen for {seconds} s only</source>
      <translation>仅看到 {seconds} 秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the distance has leapt by {m} m</source>
      <translation>距离跳变 {m} m</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{celsius} °C is no face's temperature</source>
      <translation>{celsius} °C 不是人脸的温度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the shutter is closed</source>
      <translation>快门关闭</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera's shutter is closed</source>
      <translation>热像相机的快门关闭</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture is old</source>
      <translation>热像画面已过期</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture is generated: it measures nothing</source>
      <translation>热像画面是生成的：没有测量任何内容</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal image is an 8-bit picture, no counts</source>
      <translation>热像图像是 8 位画面，并非计数</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal image would be colder or hotter than anything is: its counts are not what they claim</source>
      <translation>热像图像的冷热超出任何实物：其计数与所称不符</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera is not radiometric: its counts are no temperatures</source>
      <translation>热像相机为非测温型：其计数不是温度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relative only: the thermal camera is not radiometric</source>
      <translation>仅为相对值：热像相机为非测温型</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture shows temperatures in false colours, not light</source>
      <translation>画面以伪彩色显示温度，而不是光</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the thermal picture, or outside</source>
      <translation>人脸在热像画面中太小，或在画面之外</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the thermal picture: {px} px between the eyes</source>
      <translation>人脸在热像画面中太小：两眼间距 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal sensor is at its limit there</source>
      <translation>热像传感器在该处已达极限</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the camera's map to kelvin gives no number</source>
      <translation>相机到开尔文的换算得不出数值</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no thermal camera looks at the face</source>
      <translation>没有热像相机拍摄此人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera gives no pictures</source>
      <translation>热像相机没有画面</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no calibration and distance lead from the face to the thermal picture</source>
      <translation>没有标定和距离可将人脸对应到热像画面</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal camera does not see the face</source>
      <translation>热像相机看不到此人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture does not show the whole face</source>
      <translation>热像画面没有显示整张人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the border of the thermal picture cuts the face</source>
      <translation>热像画面的边缘截断了人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the points may be {px} px off in the thermal picture</source>
      <translation>热像画面中的点可能偏差 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face moves too fast for the thermal camera: {speed} eye distances a second</source>
      <translation>人脸移动太快，热像相机跟不上：每秒 {speed} 个眼距</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a pixel covers {mm} mm of the face: too coarse for the corner of an eye</source>
      <translation>一个像素覆盖人脸 {mm} mm：对眼角而言太粗</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a pixel covers {mm} mm of the face: too coarse for the forehead</source>
      <translation>一个像素覆盖人脸 {mm} mm：对额头而言太粗</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>glasses hide the corners of the eyes from a thermal camera</source>
      <translation>眼镜挡住眼角，热像相机看不到</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the corners of the eyes are colder than the cheeks: glass or something else is before them</source>
      <translation>眼角比脸颊冷：前面有镜片或其他物体</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead lies outside the thermal picture</source>
      <translation>额头在热像画面之外</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead is not even, {kelvin} K: hair or a hat is there</source>
      <translation>额头温度不均，{kelvin} K：有头发或帽子</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are not seen in the thermal picture</source>
      <translation>热像画面中看不到脸颊</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are covered or not seen in the thermal picture</source>
      <translation>热像画面中脸颊被遮挡或看不到</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the forehead is colder than the face: hair or a hat is there</source>
      <translation>额头比脸冷：有头发或帽子</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees</source>
      <translation>头部转动 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is tilted {degrees} degrees</source>
      <translation>头部倾斜 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>without a head pose nobody knows whether the mouth can be seen</source>
      <translation>没有头部姿态，无法得知能否看到嘴</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is not seen: the head is turned {degrees} degrees</source>
      <translation>看不到嘴：头部转动 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is not seen: the head is tilted {degrees} degrees</source>
      <translation>看不到嘴：头部倾斜 {degrees} 度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth's landmarks are not seen</source>
      <translation>看不到嘴的关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the landmarks of the mouth are unsure ({sure})</source>
      <translation>嘴的关键点不确定（{sure}）</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth was seen for {seconds} s, {least} are needed</source>
      <translation>嘴可见 {seconds} 秒，需要 {least} 秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is too small: {px} px wide</source>
      <translation>嘴太小：宽 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is too small: not seen whole</source>
      <translation>嘴太小：看不到全部</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: mask</source>
      <translation>嘴被遮挡：口罩</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: hand</source>
      <translation>嘴被遮挡：手</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered: unknown cover</source>
      <translation>嘴被遮挡：未知遮挡物</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth is covered or unclear: its landmarks are at {sure}, usually at {usual}</source>
      <translation>嘴被遮挡或不清晰：其关键点为 {sure}，通常为 {usual}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head is turned {degrees} degrees: the nostrils are hidden</source>
      <translation>头部转动 {degrees} 度：鼻孔被挡住</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too few pixels: {px} px across the nose</source>
      <translation>像素太少：鼻子宽 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the head moves</source>
      <translation>头部在动</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the thermal picture does not show nose and cheeks</source>
      <translation>热像画面没有显示鼻子和脸颊</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the mouth moves: who talks breathes unevenly</source>
      <translation>嘴在动：说话时呼吸不均匀</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no rhythm stands out: {share} % of the changes follow one</source>
      <translation>没有明显的节律：{share} % 的变化遵循同一节律</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{rate} a minute is no breathing</source>
      <translation>每分钟 {rate} 次不是呼吸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the breaths are uneven: spectrum and crossings do not agree</source>
      <translation>呼吸不均匀：频谱与过零结果不一致</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the rhythm changes within the window</source>
      <translation>节律在时间窗内变化</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the rhythm is not steady yet</source>
      <translation>节律尚未稳定</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing changes under the nose</source>
      <translation>鼻下没有变化</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing was seen yet</source>
      <translation>尚未看到任何内容</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nose and cheeks were not seen</source>
      <translation>未看到鼻子和脸颊</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {seconds} s are known, {least} are needed</source>
      <translation>仅知 {seconds} 秒，需要 {least} 秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {share} % of the last {seconds} s are known: {why}</source>
      <translation>最近 {seconds} 秒仅知 {share} %：{why}</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{rate} thermal pictures a second are too few, {least} are needed</source>
      <translation>每秒 {rate} 幅热像画面太少，需要 {least} 幅</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only one camera looks at the face</source>
      <translation>只有一个摄像头看到人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no landmarks were read there</source>
      <translation>那里未读取关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no calibration and distance lead there</source>
      <translation>没有标定和距离可推到那里</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is {ms} ms apart</source>
      <translation>其画面相差 {ms} 毫秒</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small there: {px} px between the eyes</source>
      <translation>那里的人脸太小：两眼间 {px} 像素</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small there, or not in the picture</source>
      <translation>那里的人脸太小，或不在画面中</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no points there</source>
      <translation>那里没有点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the projection may be {px} px off</source>
      <translation>投影可能偏差 {px} 像素</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>only {n} landmarks are seen by both</source>
      <translation>两者都看到的关键点仅 {n} 个</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its landmarks are not believed</source>
      <translation>其关键点不可信</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is old</source>
      <translation>其画面陈旧</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its shutter is closed</source>
      <translation>其快门关闭</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>its picture is generated</source>
      <translation>其画面为生成图像</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no face is seen there</source>
      <translation>那里看不到人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no face is seen there, in one look so far</source>
      <translation>那里看不到人脸，目前仅看过一次</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it agrees, in one look so far</source>
      <translation>结果一致，目前仅看过一次</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>it disagrees, in one look so far</source>
      <translation>结果不一致，目前仅看过一次</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>neither picture nor warmth nor depth shows enough of the face</source>
      <translation>画面、热量和深度都未充分显示人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the picture alone does not tell it: warmth or depth is needed</source>
      <translation>仅凭画面无法判断：需要热量或深度</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>{m} m are too far for the depth sensor to tell a relief</source>
      <translation>{m} m 太远，深度传感器分辨不出起伏</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the face is too small in the depth picture: {px} px between the eyes</source>
      <translation>人脸在深度画面中太小：两眼间距 {px} px</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nose, eyes or mouth have no depth reading</source>
      <translation>鼻子、眼睛或嘴没有深度读数</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>no depth sensor looks at the face</source>
      <translation>没有深度传感器拍摄此人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>too little depth is measured on the face</source>
      <translation>人脸上测得的深度太少</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the depth is generated: it shows a face in every picture</source>
      <translation>深度是生成的：在任何画面中都会显示人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the depth picture is old</source>
      <translation>深度画面已过期</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relative only: a thermal camera that is not radiometric tells no living skin from a warm screen</source>
      <translation>仅为相对值：非测温型热像相机无法区分活体皮肤与温热的屏幕</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>a thermal pixel covers {mm} mm of the face: too coarse</source>
      <translation>一个热像像素覆盖人脸 {mm} mm：太粗</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>glasses hide the warm corners of the eyes</source>
      <translation>眼镜挡住温暖的眼角</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the cheeks are much colder than the eyes: something covers them</source>
      <translation>脸颊比眼睛冷得多：有物体遮挡</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>the room is nearly as warm as skin: paper before a face would be as warm</source>
      <translation>环境几乎与皮肤一样热：脸前的纸也会同样热</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>cheeks and eyes are not seen in the thermal picture</source>
      <translation>热像画面中看不到脸颊和眼睛</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>nothing beside the head is seen in the thermal picture</source>
      <translation>热像画面中头部旁边看不到任何内容</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/compare_panel.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>face</source>
      <translation>人脸</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>place of the head</source>
      <translation>头部位置</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/replay/compare_panel.py" />
      <location filename="gui/tiles/face_pictures.py" />
      <source>landmarks</source>
      <translation>关键点</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>head pose</source>
      <translation>头部姿态</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>eyes</source>
      <translation>眼睛</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>relief</source>
      <translation>浮雕</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <location filename="gui/tiles/titles.py" />
      <source>color</source>
      <translation>彩色</translation>
    </message>
    <message>
      <location filename="gui/reason_phrases.py" />
      <source>face from eye</source>
      <translation>由眼睛生成的脸</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>{what} – {why}</source>
      <translation>{what} – {why}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>no real face: {why}</source>
      <translation>不是真实人脸：{why}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>{value} {unit} is no face's temperature</source>
      <translation>{value} {unit} 不是人脸的温度</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>unsure: {what}</source>
      <translation>不确定：{what}</translation>
    </message>
    <message>
      <location filename="gui/reasons.py" />
      <source>not known: {what}</source>
      <translation>未知：{what}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark at {time}</source>
      <translation>已在 {time} 添加书签</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>no bookmark after this frame</source>
      <translation>此帧之后没有书签</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>no bookmark before this frame</source>
      <translation>此帧之前没有书签</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <location filename="gui/replay/compare_control.py" />
      <location filename="gui/replay/goto.py" />
      <location filename="gui/replay/rules_control.py" />
      <source>the recording is not open yet</source>
      <translation>录像尚未打开</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>{words}; {keys} adds one with a note</source>
      <translation>{words}；按 {keys} 可添加带备注的书签</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark at {time}: {note}</source>
      <translation>{time} 处的书签：{note}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <source>bookmark</source>
      <translation>书签</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>bookmark deleted: {note}</source>
      <translation>书签已删除：{note}</translation>
    </message>
    <message>
      <location filename="gui/replay/bookmark_control.py" />
      <source>without a note</source>
      <translation>无备注</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>reading what was recorded: {percent} %</source>
      <translation>正在读取录制结果：{percent} %</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>after</source>
      <translation>之后</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>before</source>
      <translation>之前</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>compare first ({keys}): differences are found while it plays</source>
      <translation>请先比较（{keys}）：差异在播放时得出</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>compare first: differences are found while it plays</source>
      <translation>请先比较：差异在播放时得出</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>nothing to compare: what was recorded cannot be read</source>
      <translation>无可比较：无法读取录制的结果</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>no difference {where} this frame among the {n} of {count} frames that were compared</source>
      <translation>在已比较的 {n} / {count} 帧中，此帧{where}没有差异</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>nothing to compare: this recording stores no observations</source>
      <translation>无可比较：此录像没有保存观测结果</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_control.py" />
      <source>difference at {time}</source>
      <translation>{time} 处有差异</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>not compared yet</source>
      <translation>尚未比较</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>not processed when it was recorded: nothing to compare with</source>
      <translation>录制时未处理：没有可比较的内容</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>processed when it was recorded, but no observation of it can be read</source>
      <translation>录制时已处理，但无法读取其观测结果</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>equal to the last byte</source>
      <translation>完全一致，逐字节相同</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>equal within the tolerances</source>
      <translation>在容差内一致</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>differs; tracking began elsewhere than when it was recorded, which alone may do that</source>
      <translation>有差异；跟踪的起点与录制时不同，仅此即可造成差异</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>differs beyond the tolerances</source>
      <translation>差异超出容差</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>#{id} only now</source>
      <translation>#{id} 仅现在有</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>#{id} only recorded</source>
      <translation>#{id} 仅录制时有</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>Recorded beside computed now</source>
      <translation>录制结果与现在计算的结果并列</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What comparing found</source>
      <translation>比较结果</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What was compared so far</source>
      <translation>目前已比较的内容</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>What differs between then and now</source>
      <translation>当时与现在的差异</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>Differences of the faces</source>
      <translation>人脸的差异</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>recorded → computed now; orange is beyond the tolerance</source>
      <translation>录制 → 现在计算；橙色表示超出容差</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>part</source>
      <translation>项目</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>so far</source>
      <translation>迄今</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{where}: {n} of {count} compared</source>
      <translation>{where}：已比较 {n} / {count}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} equal</source>
      <translation>{n} 相同</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} within</source>
      <translation>{n} 在容差内</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} beyond</source>
      <translation>{n} 超出</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>{n} where tracking began elsewhere</source>
      <translation>{n} 处跟踪起点不同</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>faces gained {gained}, lost {lost}</source>
      <translation>新增人脸 {gained}，减少 {lost}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>largest differences: {list}</source>
      <translation>最大差异：{list}</translation>
    </message>
    <message>
      <location filename="gui/replay/compare_panel.py" />
      <source>tracking began at frame {n}: go to the start to compare a whole run</source>
      <translation>跟踪从第 {n} 帧开始：转到开头以比较完整过程</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>not in it</source>
      <translation>不存在</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>before the change</source>
      <translation>更改之前</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>recorded, gone now</source>
      <translation>已录制，现已消失</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/recorded_plan.py" />
      <location filename="gui/replay/signals_control.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <source>recorded</source>
      <translation>录制结果</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>Events and bookmarks</source>
      <translation>事件和书签</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>Up and Down go through them; F2 changes a bookmark's note, Delete takes it away.</source>
      <translation>上下键浏览；F2 修改书签备注，Delete 移除。</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>This event lies outside the recorded time.</source>
      <translation>此事件在录制时间之外。</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>now, new</source>
      <translation>现在，新增</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <location filename="gui/replay/timeline_bar.py" />
      <location filename="gui/status/readouts.py" />
      <source>now</source>
      <translation>当前</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>event</source>
      <translation>事件</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>lasts</source>
      <translation>时长</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>note</source>
      <translation>备注</translation>
    </message>
    <message>
      <location filename="gui/replay/event_list.py" />
      <source>from</source>
      <translation>来源</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>Where to go, then Enter: a time (1:23.4 or 83.4 s), a frame (120), a camera's own number (depth 120), or a part of an event's name (again for the next one).</source>
      <translation>输入目标后按 Enter：时间（1:23.4 或 83.4 s）、帧（120）、相机自身的编号（depth 120），或事件名的一部分（再按一次转到下一个）。</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>time, frame or event</source>
      <translation>时间、帧或事件</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>time or frame</source>
      <translation>时间或帧</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>go to</source>
      <translation>转到</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>it has no frames</source>
      <translation>没有帧</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>its numbers go from {first} to {last}</source>
      <translation>其编号从 {first} 到 {last}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>{stream} has no frame number {number}: {has}</source>
      <translation>{stream} 没有编号为 {number} 的帧：{has}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>{text} is no time, no frame and no event of this recording</source>
      <translation>{text} 不是此录像的时间、帧或事件</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>type a time, a frame or an event</source>
      <translation>请输入时间、帧或事件</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>there is no frame {number}: the last one is {last}</source>
      <translation>没有第 {number} 帧：最后一帧是 {last}</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>the recording ends at {end} s</source>
      <translation>录像在 {end} 秒结束</translation>
    </message>
    <message>
      <location filename="gui/replay/goto.py" />
      <source>the event {name} lies outside the recording</source>
      <translation>事件 {name} 在录像之外</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>above {value}</source>
      <translation>高于 {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>at least {value}</source>
      <translation>至少 {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>below {value}</source>
      <translation>低于 {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>at most {value}</source>
      <translation>至多 {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/limits.py" />
      <source>equal to {value}</source>
      <translation>等于 {value}</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>Bookmark with a note</source>
      <translation>带备注的书签</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>What there is to say of this moment.</source>
      <translation>关于此刻的说明。</translation>
    </message>
    <message>
      <location filename="gui/replay/note_dialog.py" />
      <source>Note for {time}:</source>
      <translation>{time} 的备注：</translation>
    </message>
    <message>
      <location filename="gui/replay/range_bar.py" />
      <source>Part of the recording that is seen</source>
      <translation>可见的录像部分</translation>
    </message>
    <message>
      <location filename="gui/replay/range_bar.py" />
      <source>Drag the part to move it, its ends to stretch it; a double click shows everything.</source>
      <translation>拖动选段可移动，拖动两端可伸缩；双击显示全部。</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>loops from {begin} to {end}</source>
      <translation>从 {begin} 到 {end} 循环播放</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>The recording is not open yet.</source>
      <translation>录像尚未打开。</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>the loop goes over the whole recording again</source>
      <translation>重新循环整个录像</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event begins after this frame</source>
      <translation>此帧之后没有事件开始</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event begins before this frame</source>
      <translation>此帧之前没有事件开始</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event here that says what it rests on: go to one first</source>
      <translation>此处没有说明依据的事件：请先转到某个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>This recording holds no events.</source>
      <translation>此录像没有事件。</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>the part round {name} is marked</source>
      <translation>已标记 {name} 前后的部分</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>a part needs more than one frame: go somewhere else first</source>
      <translation>选段需要多于一帧：请先转到别处</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>{words}; {keys} forgets that</source>
      <translation>{words}；按 {keys} 取消</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>Events {n}</source>
      <translation>事件 {n}</translation>
    </message>
    <message>
      <location filename="gui/replay/replay_control.py" />
      <source>no event here: go to one first</source>
      <translation>此处没有事件：请先转到一个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_control.py" />
      <source>The rules could not look at the recording: {why}</source>
      <translation>规则无法检查录制：{why}</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Rules over this recording</source>
      <translation>对此录制应用规则</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>{n} notes</source>
      <translation>{n} 条说明</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show all that is to be known of these rules, or only the first of it.</source>
      <translation>显示这些规则的全部须知，或只显示第一条。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>What to know of it</source>
      <translation>须知</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show their signals</source>
      <translation>显示相关信号</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Show the signals that these rules ask for over the time line, with their limits.</source>
      <translation>在时间轴上方显示这些规则用到的信号及其限值。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Take the events of these rules off the time line.</source>
      <translation>从时间轴移除这些规则的事件。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>1 note</source>
      <translation>1 条说明</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Let these rules look at the whole recording; it is not changed.</source>
      <translation>用这些规则检查整段录制；录制不会被更改。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>Compute the signals anew</source>
      <translation>重新计算信号</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_panel.py" />
      <source>With the models and settings of now, also where the recording stores what was computed then.</source>
      <translation>使用当前的模型和设置，即使录制中已存有当时的计算结果。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was recorded</source>
      <translation>依据已录制的内容</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was computed now: the recording stores no observations</source>
      <translation>依据现在的计算：录制中未存观测结果</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>from what was computed here before</source>
      <translation>依据此前在此处的计算</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: 1 event now</source>
      <translation>{name}：现有 1 个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>No rules look at this recording.</source>
      <translation>没有规则检查此录制。</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: waits for its turn</source>
      <translation>{name}：等待中</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: looks at the whole recording …{share}</source>
      <translation>{name}：正在检查整段录制…{share}</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: cancelled; choose the rules again to go on</source>
      <translation>{name}：已取消；重新选择规则以继续</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: failed</source>
      <translation>{name}：失败</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{name}: {n} events now</source>
      <translation>{name}：现有 {n} 个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source> · {alike} as recorded, {gained} new, {lost} gone</source>
      <translation> · {alike} 个与录制相同，{gained} 个新增，{lost} 个消失</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>{names}: no such series lies beside the session; the strictest limits count</source>
      <translation>{names}：会话旁没有此类序列；采用最严格的限值</translation>
    </message>
    <message>
      <location filename="gui/replay/rules_words.py" />
      <source>only the first {n} events are shown</source>
      <translation>仅显示前 {n} 个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Smoothed: {still} ms late where it hardly moves, {moving} ms at {speed} a second.</source>
      <translation>已平滑：几乎不动时延迟 {still} 毫秒，每秒 {speed} 时延迟 {moving} 毫秒。</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>recorded; read {percent} %</source>
      <translation>录制结果；已读取 {percent} %</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>line: computed now; broad band: recorded</source>
      <translation>细线：现在计算；宽带：录制结果</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>{n} of {count} signals are shown; the others can be chosen</source>
      <translation>显示 {count} 个信号中的 {n} 个；其余可自行选择</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>The usual ones</source>
      <translation>常用信号</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Show the rows that a recording begins with.</source>
      <translation>显示录制默认的各行。</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Show {name} over the recorded time.</source>
      <translation>显示 {name} 随录制时间的变化。</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>computed now; nothing is stored</source>
      <translation>现在计算；没有保存的结果</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>computed now; no observations are stored</source>
      <translation>现在计算；没有保存的观测结果</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>recorded, as far as it can be read</source>
      <translation>录制结果，限可读取部分</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>{raw} is as measured.</source>
      <translation>{raw} 为测量值。</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>up to {n} more faces without a line</source>
      <translation>另有最多 {n} 张人脸没有曲线</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Not known at any time so far: {why}</source>
      <translation>迄今一直未知：{why}</translation>
    </message>
    <message>
      <location filename="gui/replay/signals_control.py" />
      <source>Not known at any time so far.</source>
      <translation>迄今一直未知。</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>Position in the recording</source>
      <translation>录像中的位置</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>frame {n}   {time}</source>
      <translation>第 {n} 帧   {time}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>no frames for {n} s</source>
      <translation>{n} 秒没有帧</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>before the rules changed: {event}</source>
      <translation>规则更改之前：{event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>now: {event}</source>
      <translation>现在：{event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>recorded: {event}</source>
      <translation>已录制：{event}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>1 frame of {stream} lost</source>
      <translation>{stream} 丢失 1 帧</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>{n} frames of {stream} lost</source>
      <translation>{stream} 丢失 {n} 帧</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>frames here cannot be read</source>
      <translation>此处的帧无法读取</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>bookmark: {note}</source>
      <translation>书签：{note}</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>differs from what was recorded</source>
      <translation>与录制结果不同</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_bar.py" />
      <source>and {n} more events</source>
      <translation>另有 {n} 个事件</translation>
    </message>
    <message>
      <location filename="gui/replay/timeline_words.py" />
      <source>open end</source>
      <translation>未结束</translation>
    </message>
    <message>
      <location filename="gui/replay/track_values.py" />
      <source>faces</source>
      <translation>人脸</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_area.py" />
      <source>{n} of {count} signals are in sight; Up and Down, or the wheel over the names, show the others.</source>
      <translation>可见 {count} 个信号中的 {n} 个；用上下键或在名称上滚动滚轮查看其余信号。</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{n} % sure</source>
      <translation>{n} % 可信</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>   rule {rule}: {limit}{unit}</source>
      <translation>   规则 {rule}：{limit}{unit}</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>nothing is known of this frame: it was not processed</source>
      <translation>此帧情况未知：未经处理</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{name}: not known: {why}</source>
      <translation>{name}：未知：{why}</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_paint.py" />
      <source>{name}: not known</source>
      <translation>{name}：未知</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>Height of the signals</source>
      <translation>信号区高度</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>Drag, or press Up and Down, to make the signals higher or lower.</source>
      <translation>拖动或按上下键调整信号区高度。</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>computed now:</source>
      <translation>现在计算：</translation>
    </message>
    <message>
      <location filename="gui/replay/tracks_view.py" />
      <source>recorded:</source>
      <translation>已录制：</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Frame and time</source>
      <translation>帧与时间</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <location filename="gui/status/readouts.py" />
      <source>Speed</source>
      <translation>速度</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Multiple of the recorded time; max is as fast as the steps go</source>
      <translation>录制时间的倍数；最大为处理步骤所能达到的最快速度</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Speed that is reached</source>
      <translation>实际速度</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Every frame is processed, as fast as the steps go.</source>
      <translation>每一帧都被处理，以最快速度进行。</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>reaches {n}×</source>
      <translation>达到 {n}×</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Go to a time, a frame or an event</source>
      <translation>转到时间、帧或事件</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>now {n}×</source>
      <translation>现在 {n}×</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Every frame is processed; the steps take longer than this speed allows.</source>
      <translation>每一帧都被处理；处理用时超过此速度所允许的范围。</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <location filename="gui/replay/transport.py" />
      <source>Play</source>
      <translation>播放</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/camera_words.py" />
      <location filename="gui/window_words.py" />
      <source>opening</source>
      <translation>正在打开</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/window_words.py" />
      <source>loading models</source>
      <translation>正在加载模型</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/task_words.py" />
      <source>running</source>
      <translation>运行中</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/camera_words.py" />
      <source>ended</source>
      <translation>已结束</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/work/task_words.py" />
      <source>failed</source>
      <translation>失败</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>State</source>
      <translation>状态</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/window.py" />
      <source>CLOSING</source>
      <translation>正在关闭</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <location filename="gui/status/tile_words.py" />
      <source>STALE</source>
      <translation>过期</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>LIVE</source>
      <translation>实时</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>REPLAY</source>
      <translation>回放</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>END</source>
      <translation>结束</translation>
    </message>
    <message>
      <location filename="gui/status/badges.py" />
      <source>PAUSED</source>
      <translation>已暂停</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>Where it must be built first: {time}.</source>
      <translation>若须先构建：{time}。</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>those of other models took {least} to {most} here</source>
      <translation>其他模型的构建在本机用时 {least} 至 {most}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>how long that takes is unknown, none of its kind was built on this machine</source>
      <translation>所需时间未知，本机尚未构建过此类引擎</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>the last one took {time} here</source>
      <translation>上次构建在本机用时 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>that of another model took {time} here</source>
      <translation>另一模型的构建在本机用时 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>those of other models took {time} here</source>
      <translation>其他模型的构建在本机用时 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>longer than any before it, at most {time}</source>
      <translation>比以往都久，以往最多 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/build_words.py" />
      <source>longer than the last one, which took {time}</source>
      <translation>比上次久，上次用时 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>closed</source>
      <translation>已关闭</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>streaming</source>
      <translation>传输中</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>paused</source>
      <translation>已暂停</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>stalled</source>
      <translation>停滞</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>waiting</source>
      <translation>等待中</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>gone</source>
      <translation>已断开</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>silent</source>
      <translation>无数据</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>its drift is not known yet</source>
      <translation>其漂移尚不清楚</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} frames received</source>
      <translation>已接收 {n} 帧</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>the camera's clock: {drift}; frames come {ms} ms late (95 %)</source>
      <translation>相机时钟：{drift}；帧晚到 {ms} ms（95 %）</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} of them late (more than a frame period)</source>
      <translation>其中 {n} 帧晚到（超过一个帧周期）</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} lost before they came here</source>
      <translation>{n} 帧在到达之前丢失</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} dropped here for want of room</source>
      <translation>{n} 帧因空间不足在此丢弃</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} came twice and were left out</source>
      <translation>{n} 帧重复到达，已略去</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} came out of order and were left out</source>
      <translation>{n} 帧顺序错乱，已略去</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} were none of this stream's and were left out</source>
      <translation>{n} 帧不属于此数据流，已略去</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>none lost, late, doubled or out of order</source>
      <translation>没有丢失、晚到、重复或乱序</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>it runs {ppm} ppm fast (within {within})</source>
      <translation>快 {ppm} ppm（误差 {within} 以内）</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>it runs {ppm} ppm slow (within {within})</source>
      <translation>慢 {ppm} ppm（误差 {within} 以内）</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>{n} jumps of a clock, the last: {which} by {by} s</source>
      <translation>时钟跳变 {n} 次，最近一次：{which} {by} 秒</translation>
    </message>
    <message>
      <location filename="gui/status/camera_words.py" />
      <source>its counter began again {n} times</source>
      <translation>其计数器重新开始 {n} 次</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>{s} s old</source>
      <translation>{s} 秒前</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>{name} unknown</source>
      <translation>{name} 未知</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>What rules know beside the pictures: it chooses their limits.</source>
      <translation>规则在画面之外所知的情境：据此选择限值。</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>unknown</source>
      <translation>未知</translation>
    </message>
    <message>
      <location filename="gui/status/context_words.py" />
      <source>strictest limits</source>
      <translation>最严格限值</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>as in its file</source>
      <translation>与其文件相同</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{backend} computes in {able}, not in {precision}.</source>
      <translation>{backend} 以 {able} 计算，而不是 {precision}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Backend</source>
      <translation>后端</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Precision</source>
      <translation>精度</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>&amp;Apply</source>
      <translation>应用(&amp;A)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>To a&amp;ll models</source>
      <translation>应用于所有模型(&amp;L)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{wish} runs already.</source>
      <translation>{wish} 已在运行。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>{wish} runs every model already.</source>
      <translation>{wish} 已在运行所有模型。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>&amp;Run it on</source>
      <translation>运行于(&amp;R)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>in</source>
      <translation>精度</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Load {wish} beside the picture, and let it take over between two frames.</source>
      <translation>在画面旁加载 {wish}，并在两帧之间切换。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_choice.py" />
      <source>Let {wish} run every model that it can; one after the other takes over.</source>
      <translation>让 {wish} 运行它所能运行的所有模型；逐个切换。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Remembered: {wish}, for the next start too.</source>
      <translation>已记住：{wish}，下次启动时也使用。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Remembered</source>
      <translation>已记住</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>As con&amp;figured</source>
      <translation>按配置(&amp;F)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>All as configure&amp;d</source>
      <translation>全部按配置(&amp;D)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Configured is: {policy}.</source>
      <translation>配置为：{policy}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Forget what is remembered, and let run what is configured: {policy}.</source>
      <translation>忘记已记住的，运行所配置的：{policy}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Nothing is remembered of this model.</source>
      <translation>此模型没有已记住的设置。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>The same for every model.</source>
      <translation>对所有模型执行相同操作。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Nothing is remembered of any model.</source>
      <translation>任何模型都没有已记住的设置。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>Now {name} says what runs.</source>
      <translation>目前由 {name} 决定运行什么。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>It counts where cameras run.</source>
      <translation>在相机运行时生效。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_kept.py" />
      <source>What is remembered makes no sense: {why}.</source>
      <translation>已记住的设置无效：{why}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{runs} goes on. {why}</source>
      <translation>{runs} 继续运行。{why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for {asked}; {runs} runs until it is there.</source>
      <translation>已请求 {asked}；就绪前由 {runs} 运行。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Nothing is remembered any more; {runs} runs.</source>
      <translation>不再记住任何设置；运行 {runs}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{model}: what was remembered of its engine makes no sense ({why}); {runs} runs, as configured.</source>
      <translation>{model}：已记住的引擎设置无效（{why}）；按配置运行 {runs}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{engine} runs now.</source>
      <translation>现在运行 {engine}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>{model}: {wish}, which is remembered, cannot run now; {runs} runs. {why}</source>
      <translation>{model}：已记住的 {wish} 目前无法运行；运行 {runs}。{why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for what is configured ({policy}).</source>
      <translation>已请求所配置的（{policy}）。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_orders.py" />
      <source>Asked for {asked}, as it is remembered.</source>
      <translation>已按记住的设置请求 {asked}。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>{what}, computes in {precision}</source>
      <translation>{what}，以 {precision} 计算</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Another engine took over between two frames once.</source>
      <translation>曾有一次在两帧之间切换引擎。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Another engine took over between two frames {n} times.</source>
      <translation>曾有 {n} 次在两帧之间切换引擎。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>No model is loaded yet.</source>
      <translation>尚未加载模型。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>Missing. {why}</source>
      <translation>缺失。{why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>Why the others do not run</source>
      <translation>其他为何不运行</translation>
    </message>
    <message>
      <location filename="gui/status/engine_page.py" />
      <source>runs</source>
      <translation>运行</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>On its way</source>
      <translation>进行中</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Progress of the build</source>
      <translation>构建进度</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Cancel the &amp;build</source>
      <translation>取消构建(&amp;B)</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <location filename="gui/work/task_row.py" />
      <source>Give this build up; what runs now goes on.</source>
      <translation>放弃此次构建；当前运行的继续。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Cancel all</source>
      <translation>全部取消</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Give up the build and everything that waits for its turn; what runs now goes on.</source>
      <translation>放弃构建及所有等待中的项目；当前运行的继续。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Then: {models}</source>
      <translation>随后：{models}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>The build is being given up.</source>
      <translation>正在放弃构建。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_strip.py" />
      <source>Nothing is being built any more.</source>
      <translation>没有正在进行的构建。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Where a model rests, landmarks are followed from one frame to the next, and images are not made anew.</source>
      <translation>模型休息时，关键点逐帧跟踪，图像不重新生成。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Gray to depth</source>
      <translation>灰度转深度</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Depth to color</source>
      <translation>深度转彩色</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face landmarks</source>
      <translation>人脸关键点</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face finder</source>
      <translation>人脸检测</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Eye state</source>
      <translation>眼睛状态</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Face verifier</source>
      <translation>人脸验证</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>Eye to face</source>
      <translation>眼部转人脸</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>loading</source>
      <translation>正在加载</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{asked} was given up; {runs} goes on.</source>
      <translation>已放弃 {asked}；{runs} 继续运行。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>left {engine}</source>
      <translation>已离开 {engine}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>another engine</source>
      <translation>另一引擎</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>building {wish}: {how}</source>
      <translation>正在构建 {wish}：{how}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{wish}: loading, or waiting for its turn</source>
      <translation>{wish}：正在加载或等待</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>{name}: missing. {why}</source>
      <translation>{name}：缺失。{why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>FALLBACK</source>
      <translation>后备</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>change failed</source>
      <translation>切换失败</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 FrameSet could not be computed by any engine.</source>
      <translation>有 1 个帧组没有引擎能够计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} FrameSets could not be computed by any engine.</source>
      <translation>有 {n} 个帧组没有引擎能够计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <location filename="gui/status/engines_dialog.py" />
      <source>coming: {what}</source>
      <translation>进行中：{what}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>This is a fallback: the policy puts another engine first. Below is why that does not run.</source>
      <translation>这是后备：策略优先使用另一引擎。下方说明其为何不运行。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>The last fault: {fault}</source>
      <translation>最近的故障：{fault}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>What was asked for last did not come: {why}</source>
      <translation>上次请求的未能实现：{why}</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call failed</source>
      <translation>1 次调用失败</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls failed</source>
      <translation>{n} 次调用失败</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call retried</source>
      <translation>1 次调用重试</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls retried</source>
      <translation>{n} 次调用重试</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 frame NOT COMPUTED</source>
      <translation>1 帧未计算</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} frames NOT COMPUTED</source>
      <translation>{n} 帧未计算</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>FALLBACK for {n} of {all}</source>
      <translation>{all} 中有 {n} 个使用后备</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 model missing</source>
      <translation>缺少 1 个模型</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} models missing</source>
      <translation>缺少 {n} 个模型</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>The picture goes on meanwhile.</source>
      <translation>其间画面继续。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call could be computed by no engine.</source>
      <translation>有 1 次调用没有引擎能够计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls could be computed by no engine.</source>
      <translation>有 {n} 次调用没有引擎能够计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>1 call failed and was computed again by the fallback.</source>
      <translation>1 次调用失败，已由后备重新计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>{n} calls failed and were computed again by the fallback.</source>
      <translation>{n} 次调用失败，已由后备重新计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engine_words.py" />
      <source>BUDGET NOT KEPT</source>
      <translation>未达到时限</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Engines are changed while cameras run. A replay is computed by the same engines from its beginning to its end, so that its results can be compared; for others, set the policy in the configuration or in TAPETUM_BACKEND and open it again.</source>
      <translation>引擎在相机运行时更换。回放从头到尾由相同引擎计算，以便比较结果；要用其他引擎，请在配置或 TAPETUM_BACKEND 中设置策略后重新打开。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>model</source>
      <translation>模型</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>runs on</source>
      <translation>运行于</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>device</source>
      <translation>设备</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Models and their engines</source>
      <translation>模型及其引擎</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/status_line.py" />
      <source>Latency budget</source>
      <translation>延迟预算</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Answer</source>
      <translation>答复</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>&amp;Copy all of it</source>
      <translation>全部复制(&amp;C)</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Everything that is known of the engines, as text for a report.</source>
      <translation>关于引擎的全部信息，以文本形式供报告使用。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Copied.</source>
      <translation>已复制。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>as remembered</source>
      <translation>按已记住的</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>as asked for</source>
      <translation>按请求</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>Engines are changed while cameras run: {phase}.</source>
      <translation>引擎在相机运行时更换：{phase}。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>This model is missing: no engine can run it.</source>
      <translation>缺少此模型：没有引擎能够运行它。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>{n} FrameSets could not be computed by any engine</source>
      <translation>有 {n} 个帧组没有引擎能够计算</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>{n} frames could not be computed by any engine.</source>
      <translation>有 {n} 帧没有引擎能够计算。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <source>No latency budget: every model runs on every frame.</source>
      <translation>没有延迟预算：每个模型处理每一帧。</translation>
    </message>
    <message>
      <location filename="gui/status/engines_dialog.py" />
      <location filename="gui/status/readouts.py" />
      <source>missing</source>
      <translation>缺失</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>{stream}: now {now}, median {median}, 95 % {p95} (± {sure})</source>
      <translation>{stream}：当前 {now}，中位数 {median}，95 % {p95}（± {sure}）</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>until it came {a}, until its result was there {b}, drawing {c}</source>
      <translation>到达前 {a}，得到结果前 {b}，绘制 {c}</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>clock?</source>
      <translation>时钟？</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>replay</source>
      <translation>回放</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>no picture</source>
      <translation>无画面</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>50 % {m} · 95 % {p}</source>
      <translation>50 % {m} · 95 % {p}</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>the camera's clock is not mapped</source>
      <translation>相机时钟未与本机对应</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>a clock leapt</source>
      <translation>时钟发生跳变</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>has no latency</source>
      <translation>没有延迟值</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>nothing new was painted</source>
      <translation>没有绘制新内容</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>A recording was taken some other day: from the camera to the screen there is no latency to tell.</source>
      <translation>录像是另一天拍摄的：没有从相机到屏幕的延迟可言。</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>Camera to screen: from the moment at which the camera says it took the picture (its clock mapped to ours) to the end of the paint event; the slowest stream, over the last seconds.</source>
      <translation>相机到屏幕：从相机声称拍摄画面的时刻（其时钟换算为本机时钟）到绘制结束；取最近几秒内最慢的数据流。</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>Not in it: the exposure, the display itself, and the shortest way that any frame takes from the sensor to this machine, which nobody can see from here.</source>
      <translation>不包括：曝光、显示器本身，以及任何帧从传感器到本机的最短路径，这在此处无从得知。</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} ms</source>
      <translation>{n} ms</translation>
    </message>
    <message>
      <location filename="gui/status/latency_words.py" />
      <source>{stream}: {why}</source>
      <translation>{stream}：{why}</translation>
    </message>
    <message>
      <location filename="gui/status/message_bar.py" />
      <source>Message</source>
      <translation>消息</translation>
    </message>
    <message>
      <location filename="gui/status/message_bar.py" />
      <source>Put the message away</source>
      <translation>收起消息</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>queue full</source>
      <translation>队列已满</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>overtaken</source>
      <translation>被超越</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>not recorded</source>
      <translation>未录制</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Frames that found the queue before synchronising full.</source>
      <translation>在同步之前遇到队列已满的帧。</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>FrameSets that a newer one overtook before they were processed, so that the picture stays live.</source>
      <translation>为保持画面实时，在处理之前被更新者超越的帧组。</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Frames that found the queue of the recorder full: they are not in the file.</source>
      <translation>遇到录制队列已满的帧：不在文件中。</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>{backend} {version} on {device}, {n} threads</source>
      <translation>{device} 上的 {backend} {version}，{n} 个线程</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>engine {key}</source>
      <translation>引擎 {key}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>not {other}: {why}</source>
      <translation>不用 {other}：{why}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>median</source>
      <translation>中位数</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>Streams</source>
      <translation>数据流</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>frames/s</source>
      <translation>帧/秒</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>lost</source>
      <translation>丢失</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>new pictures shown</source>
      <translation>显示的新画面</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>at {place}</source>
      <translation>在 {place}</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>FrameSets that went through the steps</source>
      <translation>经过处理步骤的帧组</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>{n} calls, worst {ms} ms</source>
      <translation>{n} 次调用，最慢 {ms} ms</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>the sum of the steps, this time</source>
      <translation>本次各步骤之和</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>processed</source>
      <translation>已处理</translation>
    </message>
    <message>
      <location filename="gui/status/readouts.py" />
      <source>loading the models</source>
      <translation>正在加载模型</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>recorded {size}</source>
      <translation>已录制 {size}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>REC {size}</source>
      <translation>REC {size}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{name}: {n} frames, {size}, {profile}</source>
      <translation>{name}：{n} 帧，{size}，{profile}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/work/record_dialog.py" />
      <source>{size} free</source>
      <translation>剩余 {size}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{n} frames of {stream} are not in it</source>
      <translation>{stream} 的 {n} 帧不在其中</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{time} left on the disk</source>
      <translation>磁盘还可录 {time}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>old files make room</source>
      <translation>旧文件将腾出空间</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} min</source>
      <translation>{n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} h</source>
      <translation>{n} 小时</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/tile_words.py" />
      <source>{n} days</source>
      <translation>{n} 天</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>RECORDING FAILED</source>
      <translation>录制失败</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{size}/s</source>
      <translation>{size}/秒</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>{n} clips, {m} problems with them</source>
      <translation>{n} 个片段，其中 {m} 个有问题</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>ended: {reason}</source>
      <translation>已结束：{reason}</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>1 frame LOST</source>
      <translation>丢失 1 帧</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <location filename="gui/status/vitals_words.py" />
      <source>{n} frames LOST</source>
      <translation>丢失 {n} 帧</translation>
    </message>
    <message>
      <location filename="gui/status/recording_words.py" />
      <source>clips not whole</source>
      <translation>片段不完整</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>the end of the recording</source>
      <translation>录像结束</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>Click: all of it.</source>
      <translation>点击：查看全部。</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>Engine on its way</source>
      <translation>引擎准备中</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>{keys}: keys and help </source>
      <translation>{keys}：按键与帮助 </translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame {n}</source>
      <translation>第 {n} 帧</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>skew {n} ms</source>
      <translation>时差 {n} ms</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>recording {name}: {n} frames</source>
      <translation>正在录制 {name}：{n} 帧</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>the end of the recording: {keys} plays it again</source>
      <translation>录像结束：按 {keys} 重新播放</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame age {age}</source>
      <translation>帧龄 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/status_line.py" />
      <source>frame age: clock?</source>
      <translation>帧龄：时钟？</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>age unknown</source>
      <translation>时效未知</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>{n} fps</source>
      <translation>{n} fps</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>? fps</source>
      <translation>? fps</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>CLOCK?</source>
      <translation>时钟？</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>frames lost before it</source>
      <translation>此前有丢帧</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>STALE {age}</source>
      <translation>过期 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>SHUTTER</source>
      <translation>快门</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>ENDED</source>
      <translation>已结束</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>LOST {age}</source>
      <translation>丢失 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>NO SIGNAL {age}</source>
      <translation>无信号 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>{n} lost</source>
      <translation>丢失 {n}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>SHUTTER {age}</source>
      <translation>快门 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/tile_words.py" />
      <source>PAUSED {age}</source>
      <translation>已暂停 {age}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_panel.py" />
      <source>Health</source>
      <translation>运行状况</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>camera to screen</source>
      <translation>相机到屏幕</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>pictures</source>
      <translation>画面</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>recording</source>
      <translation>录制</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>left; {size} written</source>
      <translation>剩余；已写入 {size}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>all is well</source>
      <translation>一切正常</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} need attention</source>
      <translation>{n} 项需要注意</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>computed by</source>
      <translation>计算者</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>, of {n}</source>
      <translation>，共 {n}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} of {stream}</source>
      <translation>{stream} {n}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} at {place}</source>
      <translation>{place} {n}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{n} in the last {s} s</source>
      <translation>最近 {s} 秒 {n}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>none lately</source>
      <translation>近期没有</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>in the recording</source>
      <translation>在录像中</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: …</source>
      <translation>磁盘：…</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: {left}</source>
      <translation>磁盘：{left}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>disk: enough</source>
      <translation>磁盘：充足</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>nothing yet</source>
      <translation>尚无</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>nobody measures it</source>
      <translation>未作测量</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>New pictures shown: {rate}</source>
      <translation>显示的新画面：{rate}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>on the screen</source>
      <translation>在屏幕上</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>Frames that never came to the steps.</source>
      <translation>从未到达处理步骤的帧。</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>not recording</source>
      <translation>未在录制</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>Nothing is written to the disk.</source>
      <translation>没有写入磁盘。</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <source>{size} recorded</source>
      <translation>已录制 {size}</translation>
    </message>
    <message>
      <location filename="gui/status/vitals_words.py" />
      <location filename="gui/work/task_words.py" />
      <source>FAILED</source>
      <translation>失败</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>there is no such file or folder</source>
      <translation>没有该文件或文件夹</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the rights there do not allow it</source>
      <translation>权限不允许</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the disk is full</source>
      <translation>磁盘已满</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>nothing can be written there: the disk is read-only</source>
      <translation>无法写入：磁盘为只读</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>it is a folder, and no file</source>
      <translation>这是文件夹，不是文件</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>a part of the path is a file, and no folder</source>
      <translation>路径中有一部分是文件而不是文件夹</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>it is in use</source>
      <translation>正在使用中</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the disk or the device cannot be read or written</source>
      <translation>无法读写磁盘或设备</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>nobody listens there</source>
      <translation>对方没有程序在监听</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>the address or the port is taken</source>
      <translation>地址或端口已被占用</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>no answer came in time</source>
      <translation>没有及时收到应答</translation>
    </message>
    <message>
      <location filename="gui/system_words.py" />
      <source>{what} (error {n})</source>
      <translation>{what}（错误 {n}）</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>{what}
stands in a window of its own.
Close that to bring it back.</source>
      <translation>{what}
在独立窗口中。
关闭该窗口即可返回。</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Pictures</source>
      <translation>画面</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>opening …</source>
      <translation>正在打开…</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>an empty tile has nothing to show in a window of its own</source>
      <translation>空窗格没有可在独立窗口中显示的内容</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>no layout: {reason}</source>
      <translation>没有布局：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_layout.py" />
      <source>the layout could not be written: {reason}</source>
      <translation>无法写入布局：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <source>Tile {n}: {what}</source>
      <translation>窗格 {n}：{what}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>Value under the cursor</source>
      <translation>光标处的值</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>This picture cannot be painted: {reason}</source>
      <translation>无法绘制此画面：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>old: {state}</source>
      <translation>过期：{state}</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>Picture of {what}</source>
      <translation>{what} 的画面</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/tile_menu.py" />
      <source>empty</source>
      <translation>空</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <location filename="gui/tiles/filling.py" />
      <source>NO PICTURE</source>
      <translation>无画面</translation>
    </message>
    <message>
      <location filename="gui/tiles/board_tile.py" />
      <source>nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>What the colors mean. Drag an end, or between them to move both; wheel: level, Ctrl+wheel: span; double click: type an end; the padlock locks the range or lets it follow the picture.</source>
      <translation>颜色的含义。拖动一端，或在中间拖动同时移动两端；滚轮：电平，Ctrl+滚轮：跨度；双击：输入端值；锁形图标锁定范围或让其跟随画面。</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Color scale</source>
      <translation>色标</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>none</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Lowest value, {unit}</source>
      <translation>最低值，{unit}</translation>
    </message>
    <message>
      <location filename="gui/tiles/color_bar.py" />
      <source>Highest value, {unit}</source>
      <translation>最高值，{unit}</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <location filename="gui/tiles/titles.py" />
      <source>thermal</source>
      <translation>热像</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>relief, generated</source>
      <translation>浮雕，生成</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>color, generated</source>
      <translation>彩色，生成</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>face from eye, generated</source>
      <translation>由眼睛生成的脸，生成</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>no picture of {stream} at this instant</source>
      <translation>此刻没有 {stream} 的画面</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>where the face lies in the thermal picture is not known</source>
      <translation>人脸在热像画面中的位置未知</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>not generated: {setting} is off</source>
      <translation>未生成：{setting} 已关闭</translation>
    </message>
    <message>
      <location filename="gui/tiles/face_pictures.py" />
      <source>no thermal picture at this instant</source>
      <translation>此刻没有热像画面</translation>
    </message>
    <message>
      <location filename="gui/tiles/filling.py" />
      <source>Nearest face: {id}</source>
      <translation>最近的人脸：{id}</translation>
    </message>
    <message>
      <location filename="gui/tiles/filling.py" />
      <source>NO FACE</source>
      <translation>无人脸</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>NO SIGNAL</source>
      <translation>无信号</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>{who} (since {since})</source>
      <translation>{who}（自 {since}）</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no stream {stream} in this session</source>
      <translation>此会话中没有数据流 {stream}</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>NO STREAM</source>
      <translation>无数据流</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no frame of {stream} at this instant</source>
      <translation>此刻没有 {stream} 的帧</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>LOST</source>
      <translation>丢失</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>no frame of {stream} has come yet</source>
      <translation>{stream} 还没有任何帧到达</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>not looked for faces: {reason}</source>
      <translation>未查找人脸：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>face {id} is not there</source>
      <translation>人脸 {id} 不在画面中</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>waiting for {stream} …</source>
      <translation>正在等待 {stream}…</translation>
    </message>
    <message>
      <location filename="gui/tiles/freshness.py" />
      <source>{stream}: the camera is gone</source>
      <translation>{stream}：相机已断开</translation>
    </message>
    <message>
      <location filename="gui/tiles/head.py" />
      <source>Drag it onto another tile: they change places. Double click: this tile alone. Right click: more.</source>
      <translation>拖到另一个窗格上即可互换位置。双击：仅此窗格。右键：更多。</translation>
    </message>
    <message>
      <location filename="gui/tiles/head.py" />
      <source>Head of the tile</source>
      <translation>窗格标题</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Layouts</source>
      <translation>布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Saved layouts</source>
      <translation>已保存的布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Enter loads a layout, Del deletes it.</source>
      <translation>Enter 载入布局，Del 删除布局。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Name of the layout</source>
      <translation>布局名称</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>The name under which the layout that is shown now is saved.</source>
      <translation>当前布局的保存名称。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>name of this layout</source>
      <translation>此布局的名称</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Keep the layout that is shown now under this name.</source>
      <translation>以此名称保存当前布局。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Load</source>
      <translation>载入</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Show the chosen layout.</source>
      <translation>显示所选布局。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Forget the chosen layout.</source>
      <translation>删除所选布局。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Write the layout that is shown now into a file.</source>
      <translation>将当前布局写入文件。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Import …</source>
      <translation>导入…</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Show a layout from a file.</source>
      <translation>显示文件中的布局。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Leave the layouts as they are.</source>
      <translation>保持布局不变。</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Export layout</source>
      <translation>导出布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>Import layout</source>
      <translation>导入布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>this layout is broken: {reason}</source>
      <translation>此布局已损坏：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_dialog.py" />
      <source>{name} could not be written: {reason}</source>
      <translation>无法写入 {name}：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>the saved layouts of tiles cannot be read; the usual layout is shown</source>
      <translation>无法读取已保存的布局；显示默认布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>{name} is larger than any layout</source>
      <translation>{name} 大于任何布局文件</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>the saved layout is broken ({reason}); the usual one is shown</source>
      <translation>已保存的布局损坏（{reason}）；显示默认布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>there is no layout called {name}</source>
      <translation>没有名为 {name} 的布局</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>a layout needs a name of 1 to {n} characters</source>
      <translation>布局名称须为 1 到 {n} 个字符</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>there are {n} saved layouts already; delete one first</source>
      <translation>已有 {n} 个保存的布局；请先删除一个</translation>
    </message>
    <message>
      <location filename="gui/tiles/layout_store.py" />
      <source>{name} holds no layout: {reason}</source>
      <translation>{name} 中没有布局：{reason}</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>no real face</source>
      <translation>不是真实人脸</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes open {share} %</source>
      <translation>双眼睁开 {share} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes CLOSED {share} %</source>
      <translation>双眼闭合 {share} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>eyes unknown</source>
      <translation>眼睛未知</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left open {left} %</source>
      <translation>右眼睁开 {right} %，左眼睁开 {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right CLOSED {right} %, left open {left} %</source>
      <translation>右眼闭合 {right} %，左眼睁开 {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left CLOSED {left} %</source>
      <translation>右眼睁开 {right} %，左眼闭合 {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right eye unknown, left open {left} %</source>
      <translation>右眼未知，左眼睁开 {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right eye unknown, left CLOSED {left} %</source>
      <translation>右眼未知，左眼闭合 {left} %</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right open {right} %, left eye unknown</source>
      <translation>右眼睁开 {right} %，左眼未知</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>right CLOSED {right} %, left eye unknown</source>
      <translation>右眼闭合 {right} %，左眼未知</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>yaw {yaw}  pitch {pitch}  roll {roll}</source>
      <translation>偏航 {yaw}  俯仰 {pitch}  滚转 {roll}</translation>
    </message>
    <message>
      <location filename="gui/tiles/overlay_phrases.py" />
      <source>not processed: {why}</source>
      <translation>未处理：{why}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>red {red}  green {green}  blue {blue}</source>
      <translation>红 {red}  绿 {green}  蓝 {blue}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>gray {count}</source>
      <translation>灰度 {count}</translation>
    </message>
    <message>
      <location filename="gui/tiles/readout.py" />
      <source>{count} counts, not radiometric</source>
      <translation>计数 {count}，非测温型</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/tile_window.py" />
      <source>Back into the large window</source>
      <translation>返回主窗口</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>What this tile shows</source>
      <translation>此窗格显示的内容</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>All tiles (Enter)</source>
      <translation>所有窗格（Enter）</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>This tile alone (Enter)</source>
      <translation>仅此窗格（Enter）</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>As in the window</source>
      <translation>与窗口相同</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Change places with</source>
      <translation>交换位置</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>The whole picture (Esc)</source>
      <translation>完整画面（Esc）</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <location filename="gui/tiles/titles.py" />
      <source>Nearest face</source>
      <translation>最近的人脸</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Overlay of this tile</source>
      <translation>此窗格的叠加</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>Fill the screen (F11)</source>
      <translation>填满屏幕（F11）</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_menu.py" />
      <source>In a window of its own</source>
      <translation>独立窗口</translation>
    </message>
    <message>
      <location filename="gui/tiles/tile_window.py" />
      <source>Window of {what}</source>
      <translation>{what} 的窗口</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>gray</source>
      <translation>灰度</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>infrared</source>
      <translation>红外</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>depth</source>
      <translation>深度</translation>
    </message>
    <message>
      <location filename="gui/tiles/titles.py" />
      <source>Empty
Right-click, or Shift+F10: choose what it shows.
Or drag another tile here by its head.</source>
      <translation>空
右键或 Shift+F10：选择显示内容。
或将其他窗格的标题拖到此处。</translation>
    </message>
    <message>
      <location filename="gui/translations/load.py" />
      <source>No font here has the letters of the language {name}: install {package}.</source>
      <translation>此处没有字体包含语言 {name} 的文字：请安装 {package}。</translation>
    </message>
    <message>
      <location filename="gui/translations/load.py" />
      <source>The translation {path} cannot be read.</source>
      <translation>无法读取翻译 {path}。</translation>
    </message>
    <message>
      <location filename="gui/window.py" />
      <source>Faces and numbers</source>
      <translation>人脸和数值</translation>
    </message>
    <message>
      <location filename="gui/window.py" />
      <source>closing …</source>
      <translation>正在关闭…</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>Working without {n} of {total} models.</source>
      <translation>缺少 {total} 个模型中的 {n} 个。</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>nothing to show</source>
      <translation>没有可显示的内容</translation>
    </message>
    <message>
      <location filename="gui/window_words.py" />
      <source>the camera has ended</source>
      <translation>相机已结束</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Process sessions</source>
      <translation>处理会话</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Every session is looked at from its beginning to its end: tables of what was seen, and a video with it. What was finished before is not done again.</source>
      <translation>每个会话从头到尾处理：得到所见内容的表格和视频。已完成的不再重做。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Begin</source>
      <translation>开始</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions and folders</source>
      <translation>会话和文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Sessions</source>
      <translation>会话(&amp;S)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions, and folders in which all sessions are taken.</source>
      <translation>会话，以及取其中全部会话的文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add sessions …</source>
      <translation>添加会话…</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Choose session files.</source>
      <translation>选择会话文件。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add a folder …</source>
      <translation>添加文件夹…</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>All sessions in a folder and in those below it.</source>
      <translation>某文件夹及其子文件夹中的所有会话。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Take away</source>
      <translation>移除</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Take the chosen ones off this list; the files stay.</source>
      <translation>从列表中移除所选项；文件保留。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Results</source>
      <translation>结果</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>A folder; each session gets one of its own in it.</source>
      <translation>一个文件夹；每个会话在其中有自己的文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Results</source>
      <translation>结果(&amp;R)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Write a video</source>
      <translation>写出视频</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>The pictures with what was seen in them, and a contact sheet.</source>
      <translation>带有所见内容的画面，以及缩略图总览。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Process finished ones again</source>
      <translation>重新处理已完成的</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>What was made of them before is replaced.</source>
      <translation>之前的结果会被替换。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;Workers</source>
      <translation>并行数(&amp;W)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions at the same time. More than one slows the picture.</source>
      <translation>同时处理的会话数。多于一个会使画面变慢。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Sessions</source>
      <translation>会话</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <location filename="gui/work/open_part.py" />
      <source>Sessions (*.mcap)</source>
      <translation>会话 (*.mcap)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>A folder of sessions</source>
      <translation>会话文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Add a session or a folder of sessions.</source>
      <translation>请添加会话或会话文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Save what can be read of {name}</source>
      <translation>保存 {name} 中可读取的内容</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Recover</source>
      <translation>恢复</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>New session</source>
      <translation>新会话</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>The session to write.</source>
      <translation>要写入的会话。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>&amp;New session</source>
      <translation>新会话(&amp;N)</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Replace a session of that name</source>
      <translation>替换同名会话</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>What is there under that name is lost.</source>
      <translation>该名称下的现有内容将丢失。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>That is the damaged session itself: choose another name.</source>
      <translation>那正是损坏的会话本身：请换一个名称。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Choose sessions and a folder for the results.</source>
      <translation>请选择会话和结果文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>Say where the results go.</source>
      <translation>请指定结果的存放位置。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Say where to write.</source>
      <translation>请指定写入位置。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>The results go to a folder; {name} is a file.</source>
      <translation>结果存放在文件夹中；{name} 是文件。</translation>
    </message>
    <message>
      <location filename="gui/work/batch_dialog.py" />
      <source>What is whole is written to a new session, and what was lost is told. This file stays.</source>
      <translation>完好的内容写入新会话，并说明丢失的内容。此文件保留。</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>{task}: begun; {keys} shows how far it is</source>
      <translation>{task}：已开始；{keys} 查看进度</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>A recording is running</source>
      <translation>正在录制</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>Opening something else ends the recording {name}. What was recorded is kept.</source>
      <translation>打开其他内容会结束录像 {name}。已录制的内容会保留。</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>End the recording</source>
      <translation>结束录制</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <location filename="gui/work/recording.py" />
      <source>Go on recording</source>
      <translation>继续录制</translation>
    </message>
    <message>
      <location filename="gui/work/begin.py" />
      <source>{task}: begun</source>
      <translation>{task}：已开始</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Mark with a note</source>
      <translation>带备注的标记</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Enter marks the moment when the key was pressed; Escape marks nothing.</source>
      <translation>Enter 标记按键的时刻；Escape 不作标记。</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>what is seen</source>
      <translation>看到的内容</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>Mark at {time}:</source>
      <translation>{time} 处的标记：</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>nothing can be marked: no camera is open</source>
      <translation>无法标记：没有打开的相机</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>marked at {time} in the recording</source>
      <translation>已在录像的 {time} 处标记</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>marked at {time}; nothing is recorded: it stands in what is saved of the last seconds</source>
      <translation>已在 {time} 处标记；未在录制：标记保存在最近几秒中</translation>
    </message>
    <message>
      <location filename="gui/work/bookmark.py" />
      <source>not marked: nothing is recorded, and nothing is held of the last seconds</source>
      <translation>未标记：未在录制，也没有保留最近几秒</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>ChArUco: a chessboard with markers (best)</source>
      <translation>ChArUco：带标记的棋盘格（最佳）</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>chessboard</source>
      <translation>棋盘格</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>markers alone</source>
      <translation>仅标记</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>circles in a grid</source>
      <translation>圆点阵列</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>circles, asymmetric</source>
      <translation>非对称圆点</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Calibrate cameras</source>
      <translation>标定相机</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>1. Print a board at 100 % and measure a square.   2. Show it to the cameras: near and far, tilted, in every corner, and hold it still in each place.   3. The lenses, and where the cameras stand to each other, are computed and written.</source>
      <translation>1. 以 100 % 打印标定板并测量一个方格。   2. 让相机拍摄它：远近、倾斜、各个角落，每处保持静止。   3. 计算并写出镜头参数以及相机之间的位置。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Calibrate</source>
      <translation>标定</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;Board</source>
      <translation>标定板(&amp;B)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>What is printed on it.</source>
      <translation>上面印的图案。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Si&amp;ze</source>
      <translation>尺寸(&amp;Z)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>COLUMNSxROWS: inner corners of a chessboard; squares, markers or circles else.</source>
      <translation>列数x行数：棋盘格为内角点；其余为方格、标记或圆点。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>S&amp;quare</source>
      <translation>方格(&amp;Q)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Side of a square, measured on the print: a wrong one makes all wrong.</source>
      <translation>在打印件上测得的方格边长：此值错误则全部错误。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;Markers</source>
      <translation>标记(&amp;M)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Their dictionary, such as 5X5_250 or APRILTAG_36h11.</source>
      <translation>其字典，例如 5X5_250 或 APRILTAG_36h11。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Draw this board as a PDF …</source>
      <translation>将此标定板绘制为 PDF…</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Draw this board as a PDF</source>
      <translation>将此标定板绘制为 PDF</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Writes a page to print at 100 %.</source>
      <translation>写出一页，以 100 % 打印。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a recording in which the board is shown</source>
      <translation>拍有标定板的录像</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a folder of pictures</source>
      <translation>图像文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>a camera, or a rig of cameras, now</source>
      <translation>现在的一台相机或相机组</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>&amp;From</source>
      <translation>来源(&amp;F)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Where the pictures of the board come from.</source>
      <translation>标定板图像的来源。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A session.</source>
      <translation>一个会话。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A folder; of several cameras in folders CAMERA/STREAM below it.</source>
      <translation>一个文件夹；多台相机时其下为 相机/数据流 文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Camera or rig</source>
      <translation>相机或相机组</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A camera's source, or a rig's file (.toml).</source>
      <translation>相机的源，或相机组文件（.toml）。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Rig</source>
      <translation>相机组</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A rig's file, if the recording was made with one: its cameras get the result.</source>
      <translation>相机组文件（若录像由其拍摄）：其相机得到结果。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/camera_picker.py" />
      <source>Rigs (*.toml)</source>
      <translation>相机组 (*.toml)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Rig (if any)</source>
      <translation>相机组（如有）</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>Write to</source>
      <translation>写入</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>night.toml: a rig; night.json: the calibration alone.</source>
      <translation>night.toml：相机组；night.json：仅标定。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Rigs and calibrations (*.toml *.json)</source>
      <translation>相机组和标定 (*.toml *.json)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Write to</source>
      <translation>写入(&amp;W)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Keep pictures that show how good it is</source>
      <translation>保留显示标定质量的图像</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A folder beside the result: found corners and errors.</source>
      <translation>结果旁的文件夹：找到的角点和误差。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <location filename="gui/work/export_dialog.py" />
      <source>What to know</source>
      <translation>须知</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The task says which view it wants next, and ends by itself when it has seen enough.</source>
      <translation>任务会说明接下来需要的视角，看够后自行结束。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The size of the board is COLUMNSxROWS, such as 8x6.</source>
      <translation>标定板尺寸为 列数x行数，例如 8x6。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Choose a recording.</source>
      <translation>请选择录像。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Choose a folder of pictures.</source>
      <translation>请选择图像文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Name a camera or a rig's file.</source>
      <translation>请指定相机或相机组文件。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>The result is a file that ends in .toml or .json.</source>
      <translation>结果是以 .toml 或 .json 结尾的文件。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Without a rig the result is a calibration alone: write a .json, or name the rig.</source>
      <translation>没有相机组时结果仅为标定：请写为 .json，或指定相机组。</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Board</source>
      <translation>标定板</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>Pages (*.pdf *.png)</source>
      <translation>页面 (*.pdf *.png)</translation>
    </message>
    <message>
      <location filename="gui/work/calibrate_dialog.py" />
      <source>A camera that this window shows is taken: open a recording first, to let go of it.</source>
      <translation>此窗口正在显示的相机被占用：请先打开录像以释放它。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Cameras</source>
      <translation>相机</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Tick the cameras to show. Space ticks; Enter shows.</source>
      <translation>勾选要显示的相机。空格键勾选；Enter 显示。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>State of the search</source>
      <translation>搜索状态</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Source</source>
      <translation>源</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A camera in the network, a recording played as a camera, or a rig's file.</source>
      <translation>网络相机、作为相机播放的录像，或相机组文件。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Put what was typed on the list, ticked.</source>
      <translation>将输入的内容加入列表并勾选。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Rig …</source>
      <translation>相机组…</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Choose a rig's file: several cameras with their calibration.</source>
      <translation>选择相机组文件：多台相机及其标定。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>User</source>
      <translation>用户</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>user</source>
      <translation>用户</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The camera's user. It is neither shown nor kept.</source>
      <translation>相机的用户名。既不显示也不保存。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Password</source>
      <translation>密码</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>password</source>
      <translation>密码</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The camera's password. It is neither shown nor kept.</source>
      <translation>相机的密码。既不显示也不保存。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>What is wrong</source>
      <translation>问题</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Show the ticked cameras in place of what is shown.</source>
      <translation>显示勾选的相机，替换当前内容。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <location filename="gui/work/fields.py" />
      <location filename="gui/work/task_row.py" />
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Leave everything as it is.</source>
      <translation>保持一切不变。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>the bundled drive</source>
      <translation>内置的行车录像</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>synthetic; what a camera in a car sees at night</source>
      <translation>合成；车内相机夜间所见</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A rig is shown alone: it names its cameras itself.</source>
      <translation>相机组单独显示：它自己指定相机。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>camera</source>
      <translation>相机</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>source</source>
      <translation>源</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>about it</source>
      <translation>相关信息</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Show {n} cameras</source>
      <translation>显示 {n} 台相机</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>looking for cameras …</source>
      <translation>正在查找相机…</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>The search has ended: {why}</source>
      <translation>搜索已结束：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>No answer from {families}.</source>
      <translation>{families} 没有回应。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>it does not answer</source>
      <translation>没有回应</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>rig</source>
      <translation>相机组</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>{n} found</source>
      <translation>找到 {n} 台</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>No camera is plugged in.</source>
      <translation>没有连接相机。</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Here now</source>
      <translation>当前连接</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Typed</source>
      <translation>手动输入</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Shown before</source>
      <translation>以前显示过</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Recorded, as if live</source>
      <translation>录像，如同实时</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>Families that cannot work here</source>
      <translation>此处无法使用的类别</translation>
    </message>
    <message>
      <location filename="gui/work/camera_picker.py" />
      <source>A camera that comes shows by itself.</source>
      <translation>新接入的相机会自动显示。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Export from {name}</source>
      <translation>从 {name} 导出</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Write a part of this recording, or all of it. The recording itself is not changed.</source>
      <translation>写出此录像的一部分或全部。录像本身不变。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>all of it: {s}</source>
      <translation>全部：{s}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>from … to …</source>
      <translation>从…到…</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Range</source>
      <translation>范围(&amp;R)</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Mark a part on the time line with the keys I and O.</source>
      <translation>用 I 和 O 键在时间轴上标记选段。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Seconds before and after</source>
      <translation>前后秒数</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>From second</source>
      <translation>起始秒</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>To second</source>
      <translation>结束秒</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Streams</source>
      <translation>数据流(&amp;S)</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Which pictures are in it. Space switches one.</source>
      <translation>包含哪些画面。空格键切换。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>session (.mcap): everything as it was recorded</source>
      <translation>会话 (.mcap)：全部按录制原样</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>&amp;Form</source>
      <translation>格式(&amp;F)</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>A session that this program replays, or something for other programs.</source>
      <translation>本程序可回放的会话，或供其他程序使用的内容。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Options</source>
      <translation>选项(&amp;O)</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Further options of this form: key=value with spaces between.</source>
      <translation>此格式的其他选项：键=值，以空格分隔。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>The file or folder to write.</source>
      <translation>要写入的文件或文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Replace what is there</source>
      <translation>替换已有内容</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>This form needs something first: {how}</source>
      <translation>此格式需要先准备：{how}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>the marked part: {a} to {b}</source>
      <translation>标记的选段：{a} 至 {b}</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>around what is shown now ({t})</source>
      <translation>当前画面前后（{t}）</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Generated images keep the word GENERATED.</source>
      <translation>生成的图像保留 GENERATED 字样。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <location filename="gui/work/import_dialog.py" />
      <source>Not kept: {what}.</source>
      <translation>不保留：{what}。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>Choose at least one stream.</source>
      <translation>请至少选择一个数据流。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>The range ends before it begins.</source>
      <translation>范围的结束早于开始。</translation>
    </message>
    <message>
      <location filename="gui/work/export_dialog.py" />
      <source>That is the recording itself: choose another name.</source>
      <translation>那正是录像本身：请换一个名称。</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>The name must end in {suffix}.</source>
      <translation>名称须以 {suffix} 结尾。</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>{name} is there already: choose another name, or tick “replace”.</source>
      <translation>{name} 已存在：请换一个名称，或勾选“替换”。</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Choose: {what}</source>
      <translation>请选择：{what}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>What this does</source>
      <translation>作用</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>What is missing or wrong</source>
      <translation>缺少或有误的内容</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Do nothing.</source>
      <translation>不执行任何操作。</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>options are key=value with spaces between, found {word}</source>
      <translation>选项为以空格分隔的 键=值，却发现 {word}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>there is no option {key}; there are {known}</source>
      <translation>没有选项 {key}；可用 {known}</translation>
    </message>
    <message>
      <location filename="gui/work/fields.py" />
      <source>Runs as a task beside the picture</source>
      <translation>作为任务在画面旁运行</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Frames a second</source>
      <translation>每秒帧数</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Where the source has no clock of its own.</source>
      <translation>源没有自己的时钟时使用。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Depth unit</source>
      <translation>深度单位</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Millimetres a depth count.</source>
      <translation>每个深度计数的毫米数。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Field of view</source>
      <translation>视场角</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Horizontal, where there is no calibration.</source>
      <translation>水平方向，没有标定时使用。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Focal length x</source>
      <translation>焦距 x</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Where there is no calibration.</source>
      <translation>没有标定时使用。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Focal length y</source>
      <translation>焦距 y</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Center x</source>
      <translation>中心 x</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Center y</source>
      <translation>中心 y</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Import {name}</source>
      <translation>导入 {name}</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>{name} becomes a session of this program. The original is not changed.</source>
      <translation>{name} 将成为本程序的会话。原文件不变。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <location filename="gui/work/task_words.py" />
      <source>Import</source>
      <translation>导入</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Format</source>
      <translation>格式(&amp;F)</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>What the file is. The first is what it looks like.</source>
      <translation>文件的类型。第一项为推测结果。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Session</source>
      <translation>会话(&amp;S)</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>viewable: Foxglove and Rerun show it</source>
      <translation>可查看：Foxglove 和 Rerun 可显示</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>compact: smaller</source>
      <translation>紧凑：更小</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>&amp;Layout</source>
      <translation>存储方式(&amp;L)</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>How pixels are stored; nothing is lost either way.</source>
      <translation>像素的存储方式；两种都无损。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>Further options of this format: key=value with spaces between.</source>
      <translation>此格式的其他选项：键=值，以空格分隔。</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>What is not kept</source>
      <translation>不保留的内容</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>This format needs something first: {how}</source>
      <translation>此格式需要先准备：{how}</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>as the source says</source>
      <translation>按源所示</translation>
    </message>
    <message>
      <location filename="gui/work/import_dialog.py" />
      <source>  (looks like it)</source>
      <translation>（看似此格式）</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <location filename="gui/work/task_row.py" />
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <location filename="gui/work/session_work.py" />
      <source>looking at {name} …</source>
      <translation>正在查看 {name}…</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>Sessions and recordings of other programs (*)</source>
      <translation>会话和其他程序的录像 (*)</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>nothing can be imported here</source>
      <translation>此处无法导入</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>no session was opened yet</source>
      <translation>尚未打开过会话</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>Forget these</source>
      <translation>清除这些记录</translation>
    </message>
    <message>
      <location filename="gui/work/open_part.py" />
      <source>{name} cannot be opened</source>
      <translation>无法打开 {name}</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Evidence: every frame, without loss</source>
      <translation>取证：每一帧，无损</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Watch: a few frames a second, and clips without loss round faces and events</source>
      <translation>值守：每秒数帧，人脸和事件前后为无损片段</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Events: clips round faces and events alone</source>
      <translation>事件：仅人脸和事件前后的片段</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Record as</source>
      <translation>录制为</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Compact: smaller, for this program alone</source>
      <translation>紧凑：更小，仅供本程序使用</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Profile</source>
      <translation>方案</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Room</source>
      <translation>空间</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>asking the disk …</source>
      <translation>正在查询磁盘…</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>cannot be told: {why}</source>
      <translation>无法得知：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>{n:.0f} min</source>
      <translation>{n:.0f} 分钟</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>{n:.1f} h</source>
      <translation>{n:.1f} 小时</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>enough for at least {time} ({rate}/s before compression)</source>
      <translation>至少够用 {time}（压缩前 {rate}/秒）</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Folder of recordings</source>
      <translation>录像文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Where the recording is written; it is made where it is not there.</source>
      <translation>录像的写入位置；不存在时会创建。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Of the file; where that name is taken, the next one that is free.</source>
      <translation>文件名；若已被占用，则用下一个可用名称。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>What of the frames is kept.</source>
      <translation>保留帧的哪些内容。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Compact</source>
      <translation>紧凑</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Less room on the disk; other programs cannot show the pictures.</source>
      <translation>占用磁盘更少；其他程序无法显示画面。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Choose the folder</source>
      <translation>选择文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>Choose the folder.</source>
      <translation>选择文件夹。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>A whole path and a name without / are needed.</source>
      <translation>需要完整路径和不含 / 的名称。</translation>
    </message>
    <message>
      <location filename="gui/work/record_dialog.py" />
      <source>enough for {time} at {rate}/s, as the last recording took</source>
      <translation>按上次录像的 {rate}/秒，够用 {time}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recording {name} in {folder}</source>
      <translation>正在将 {name} 录制到 {folder}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} could not be recorded: {why}</source>
      <translation>无法录制 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} ended by itself: {why}. What was written is kept.</source>
      <translation>{name} 自行结束：{why}。已写入的内容保留。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} ended by itself: {why}. What was written is kept; {keys} begins another recording.</source>
      <translation>{name} 自行结束：{why}。已写入的内容保留；{keys} 开始新的录制。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Nothing is held of the last seconds (keep.seconds in the configuration).</source>
      <translation>没有保留最近几秒（配置中的 keep.seconds）。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Save the last {n} s as a recording of its own ({keys}). The last {reach:.0f} s are in memory ({size} of {limit}).</source>
      <translation>将最近 {n} 秒保存为单独的录像（{keys}）。内存中有最近 {reach:.0f} 秒（{size} / {limit}）。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Save the last {n} s as a recording of its own. The last {reach:.0f} s are in memory ({size} of {limit}).</source>
      <translation>将最近 {n} 秒保存为单独的录像。内存中有最近 {reach:.0f} 秒（{size} / {limit}）。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>saving the last {n:.0f} s: {name}</source>
      <translation>正在保存最近 {n:.0f} 秒：{name}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Closing ends the recording {name}. What was recorded is kept.</source>
      <translation>关闭会结束录制 {name}。已录制的内容会保留。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>The last seconds could not be saved to {path}: {why}</source>
      <translation>无法将最近几秒保存到 {path}：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>There is no room for more (keep.mib in the configuration).</source>
      <translation>没有更多空间（配置中的 keep.mib）。</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recording ends: {name} is being finished</source>
      <translation>录制结束：正在完成 {name}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>{name} is being recorded already: end that first</source>
      <translation>{name} 正在录制：请先结束</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>saved the last {n:.1f} s: {name} in {folder}</source>
      <translation>已保存最近 {n:.1f} 秒：{folder} 中的 {name}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Last {n} s</source>
      <translation>最近 {n} 秒</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>recorded {name}: {size}</source>
      <translation>已录制 {name}：{size}</translation>
    </message>
    <message>
      <location filename="gui/work/recording.py" />
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <location filename="gui/work/session_work.py" />
      <source>{name} cannot be exported: {why}</source>
      <translation>无法导出 {name}：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>Save the moment as a folder</source>
      <translation>将此刻保存为文件夹</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>saving {path}</source>
      <translation>正在保存 {path}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>not saved: the disk has not finished the pictures before this one</source>
      <translation>未保存：磁盘尚未写完之前的图片</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>The picture could not be saved: {why}</source>
      <translation>无法保存图片：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/snapshot.py" />
      <source>saved in {path}</source>
      <translation>已保存到 {path}</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>No task. Imports, exports, batches and other long work show here how far they are.</source>
      <translation>没有任务。导入、导出、批处理和其他耗时工作在此显示进度。</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>No task</source>
      <translation>没有任务</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Clear what is over</source>
      <translation>清除已结束的</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Take tasks that are over off this list; what they made stays.</source>
      <translation>从列表移除已结束的任务；其产物保留。</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>List of tasks</source>
      <translation>任务列表</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <location filename="gui/work/tasks_part.py" />
      <source>Long work: show the tasks</source>
      <translation>耗时工作：显示任务</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Build an engine: {model}</source>
      <translation>构建引擎：{model}</translation>
    </message>
    <message>
      <location filename="gui/work/task_panel.py" />
      <source>Close the panel; the tasks go on</source>
      <translation>关闭面板；任务继续</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Task</source>
      <translation>任务</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>State of the task</source>
      <translation>任务状态</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>What came of it</source>
      <translation>任务结果</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Stop this task. What it began to write is taken away.</source>
      <translation>停止此任务。已开始写入的内容会被清除。</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Open what it made.</source>
      <translation>打开其产物。</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Copy command</source>
      <translation>复制命令</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Copy the command line that does the same, for a terminal or a script.</source>
      <translation>复制效果相同的命令行，用于终端或脚本。</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Show {file} in this window.</source>
      <translation>在此窗口中显示 {file}。</translation>
    </message>
    <message>
      <location filename="gui/work/task_row.py" />
      <source>Show {file} with the program that your system has for it.</source>
      <translation>用系统关联的程序显示 {file}。</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Cut</source>
      <translation>剪切</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Batch</source>
      <translation>批处理</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Draw a board</source>
      <translation>绘制标定板</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>waits for its turn</source>
      <translation>等待中</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>stopping …</source>
      <translation>正在停止…</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <location filename="gui/work/tasks_part.py" />
      <source>done</source>
      <translation>完成</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>done, with problems</source>
      <translation>完成，但有问题</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>cancelled</source>
      <translation>已取消</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>frames</source>
      <translation>帧</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>FrameSets</source>
      <translation>帧组</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>observations</source>
      <translation>观测结果</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>models</source>
      <translation>模型</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>MB, of three times the file</source>
      <translation>MB，总计为文件的三倍</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {h} h {m} min left</source>
      <translation>约剩 {h} 小时 {m} 分钟</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{h} h {m} min</source>
      <translation>{h} 小时 {m} 分钟</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{name}{done} of {of} {unit}</source>
      <translation>{name}{done} / {of} {unit}</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>a few seconds left</source>
      <translation>还剩几秒</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {n} s left</source>
      <translation>约剩 {n} 秒</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>about {n} min left</source>
      <translation>约剩 {n} 分钟</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{m} min {s} s</source>
      <translation>{m} 分 {s} 秒</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>begins …</source>
      <translation>开始…</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>What was finished stays; the same task goes on with the rest.</source>
      <translation>已完成的保留；同一任务可继续其余部分。</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>Nothing of it is kept.</source>
      <translation>不保留任何内容。</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>found problems</source>
      <translation>发现问题</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>{n} more</source>
      <translation>另有 {n} 个</translation>
    </message>
    <message>
      <location filename="gui/work/task_words.py" />
      <source>… and {n} lines more</source>
      <translation>… 另有 {n} 行</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Build the engines that usually run, beside the picture. {keys} lets one of them take over.</source>
      <translation>在画面旁构建通常使用的引擎。{keys} 可切换到其中之一。</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Build the engines that usually run, beside the picture.</source>
      <translation>在画面旁构建通常使用的引擎。</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Tasks are running</source>
      <translation>任务正在运行</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Close and cancel</source>
      <translation>关闭并取消</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Go on</source>
      <translation>继续</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Closing cancels {n} tasks that are not done.</source>
      <translation>关闭将取消 {n} 个未完成的任务。</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>Closing cancels a task that is not done.</source>
      <translation>关闭将取消一个未完成的任务。</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} failed: {why}</source>
      <translation>{task}失败：{why}</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} found problems; {keys} shows them</source>
      <translation>{task}发现问题；{keys} 查看</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>no program here opens {file}</source>
      <translation>没有程序可以打开 {file}</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} found problems</source>
      <translation>{task}发现问题</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} is cancelled</source>
      <translation>{task}已取消</translation>
    </message>
    <message>
      <location filename="gui/work/tasks_part.py" />
      <source>{task} is done; open it from the tasks</source>
      <translation>{task}已完成；可从任务中打开</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Time, with what happened drawn on it; a click jumps.</source>
      <translation>时间以及其上绘出的事件；点击跳转。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Welcome</source>
      <translation>欢迎</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>&lt;b&gt;This is a recorded, synthetic scene&lt;/b&gt;, not a camera of yours.</source>
      <translation>&lt;b&gt;这是一段录制的合成场景&lt;/b&gt;，不是您的摄像机。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>What is shown</source>
      <translation>显示的内容</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Put this line away, for good.</source>
      <translation>永久隐藏此提示。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Put this line away, for good. {keys} is the help.</source>
      <translation>永久隐藏此提示。{keys} 为帮助。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>What do I see?</source>
      <translation>我看到的是什么？</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Close this page.</source>
      <translation>关闭此页。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The pictures</source>
      <translation>画面</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>One scene, seen by several cameras at the same moment: depth (how far each point is, as colour), infrared (what its own lamp lights), thermal (how warm each point is). Double-click one to see it large.</source>
      <translation>同一场景由多台相机同时拍摄：深度（以颜色表示各点的远近）、红外（由自身光源照亮的内容）、热像（各点的冷热）。双击可放大。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The box</source>
      <translation>边框</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>A face that was found, with its number, how far away it is, and how sure that is. The points are its eyes, brows, nose, mouth and jaw; hollow ones are guessed. The three lines show where the head turns.</source>
      <translation>检测到的人脸及其编号、距离和把握程度。各点为眼睛、眉毛、鼻子、嘴和下颌；空心点为推测。三条线表示头部的朝向。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The card of a face</source>
      <translation>人脸卡片</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Its relief and its colors, its distance, head pose, and how far its eyes are open. A dash means: not known. Nothing is made up where nothing was measured.</source>
      <translation>其浮雕图和彩色图、距离、头部姿态以及眼睛睁开的程度。短横线表示：未知。没有测量到的内容绝不会编造。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Such an image was imagined by a model from what was measured. It is no photograph; it always says so.</source>
      <translation>此类图像由模型根据测量结果想象而成。它不是照片，并始终注明。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Old pictures</source>
      <translation>过期画面</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>A picture that stands still since its camera does is greyed, and says how old it is.</source>
      <translation>因相机停顿而静止的画面会变灰，并注明已过多久。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The line at the bottom</source>
      <translation>底部的时间轴</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} plays and pauses.</source>
      <translation>{keys} 播放和暂停。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} steps back.</source>
      <translation>{keys} 后退一帧。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} steps on.</source>
      <translation>{keys} 前进一帧。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} finds everything that can be done.</source>
      <translation>{keys} 查找所有可用操作。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>{keys} shows all keys.</source>
      <translation>{keys} 显示所有按键。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Pick cameras …</source>
      <translation>选择相机…</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Got it</source>
      <translation>知道了</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>The picture in a few sentences.</source>
      <translation>用几句话说明画面。</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Open a recording of yours, or of another program</source>
      <translation>打开您自己的或其他程序的录像</translation>
    </message>
    <message>
      <location filename="gui/work/welcome.py" />
      <source>Show what cameras see now</source>
      <translation>显示相机现在所见</translation>
    </message>
  </context>
</TS>
