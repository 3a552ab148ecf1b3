/**
 * Passwords and words that are tried first by everybody who guesses: keyboard runs, counting, names of products, people,
 * animals, teams and seasons. Lower case; variants with digits and signs at the end are recognized by the rule.
 */
export const COMMON_PASSWORDS: readonly string[] = `
000000 0000000 00000000 010203 01020304 012345 01234567 0123456789 0987654321 100200 101010 10101010 102030 111111
1111111 11111111 1111111111 111222 111222333 112211 112233 11223344 1122334455 121212 12121212 123123 123123123
123321 1234321 12344321 12345 123454321 123456 1234567 12345678 123456789 1234567890 12345678910 123456a 123456q
123654 123654789 131313 141414 147258 147258369 151515 159357 159753 159951 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx 1qaz2wsx3edc 222222 22222222 232323 252525 258456 333333 33333333 4321 444444 44444444 54321 555555
55555555 5555555555 654321 666666 66666666 741852 741852963 7654321 777777 7777777 77777777 789456 789456123 789789
87654321 888888 88888888 963258741 963852741 987654321 999999 99999999 9999999999 a123456 a12345678 a123456789
aaa111 aaaaa aaaaaa aaaaaaa aaaaaaaa aaaaaaaaaa abc123 abc1234 abc12345 abcabc abcd abcd1234 abcde abcdef abcdefg
abcdefgh abcdefghi abcdefghij access accessgranted accord accounting acdc admin admin123 adminadmin administrator
airforce ajax alejandra alejandro alexander alexandra alexandre alien aliens always amanda amazon america american
andrew android angel angelica angels anthony antonio anypassword anything apache apassword apollo apple apples april
aquarius aragorn aries arizona army arsenal asd123 asdasd asdf asdf1234 asdfg asdfgh asdfghj asdfghjk asdfghjkl
asdzxc ashley athena atlantic atlantis audi august austin australia autumn avengers azerty baby babyblue babyboy
babygirl bahamas bailey banana bandit bank banker barbara barca barcelona baseball baseball1 basketball bassman
batman bayern beach bear bears beatles because beer believe bella benjamin berlin bestfriend betty bible bigboss
biggie bilbo billion black blackcat blessed blink182 blue blueberry bluebird bluesky bonjour bonjovi boss boston
boxing brandon brasil brazil brian broncos brother buddy budweiser bugatti bull bulldog bulldogs bulls bunny burger
business buster butterflies butterfly cadillac california callofduty camaro canada cancer candy capricorn captain
captainamerica carlos carol carolina cash catdog cats catwoman celtic celtics challenger champion change changeit
changeme charger charizard charles charlie cheese cheesecake cheetah chelsea cherry chester chevrolet chevy chicago
chicken china chocolate christ christian christina christine christopher church cisco civic client cocacola coconut
code coder coding coffee coffeecup college colorado company companyname computer conference contrasena cookie
cookies corona corporate correcthorse correcthorsebatterystaple corvette cosmos cougar counter counterstrike cowboys
cracker cricket crystal cubs customer daddy daisy dakota dallas daniel darthvader database david daylight dddddd
deadpool death debian deborah december default demo demodemo demon desktop destiny developer development devil
dexter diablo diamond diamonds diego django docker doctor dodge dodgers doggie doggy dogs dollar dollars dolphin
dolphins donna doorbell dortmund dragon dragon123 dragonball dragonfly dream dreamer dreams drpepper drummer drums
drupal ducati duck ducks dumbledore eagle eagles earth eduardo elephant elizabeth elvis elvispresley emerald eminem
employee energy engineer england eric espana everton everybody everything facebook faith falcon falcons familia
family fantastic fantasy father february fedora fernando ferrari finance fireman fishing flash florida flower
flowers footbal football football1 football123 ford fordf150 forever foreverlove forget fortnite foxes france
francisco freedom friday friends friendship frodo futbol gabriel gabriela galaxy gamer gamers gaming gandalf garden
gardens geheim gemini george germany ghost ghostrider giants ginger giraffe gmail godisgood godislove godzilla goku
golang gold golden goldfish golf golfer golfing goodbye google grace green greenday guest guestguest guinness guitar
guitarist gunsnroses hacked hacker hackers hackme halo hamburger hansolo harley harleydavidson harrypotter haslo
hawaii hawk hawks heaven heineken helen hell hello hellokitty hellothere helloworld helpdesk hercules hermione
hiphop hobbit hockey hogwarts hola honda hope horse horses hostmaster hotmail houston hulk hummer hunter hunter2
hunting ilovegod ilovejesus iloveu iloveyou iloveyou123 iloveyou2 impreza india instagram intermilan internet
intranet iphone ireland ironmaiden ironman isabella island islands italia italy itsupport jackson jaguar jamaica
james january japan jasmin jasmine java javascript jedi jeep jenkins jennifer jessica jesus jesuschrist joker
jonathan joomla jordan jordan23 jose joseph joshua juan july june jupiter justin justinbieber juventus karate karen
kawasaki kevin keyboard keykey killer killers kimberly king kingdom kitten kitty knicks kubernetes ladybug lakers
lamborghini laptop laravel laura ledzeppelin legolas leopard letmein letmein123 letmeinnow lexus liberty libra lily
linda linkedin linkinpark linux lion lions liverpool lkjhgfdsa locked login loginlogin london lordoftherings loser
losers love loveislife lovelove lovely loveme lover loverboy lovers loveyou lucifer lucky lucky13 lucky7 luigi
lukeskywalker madonna madrid maggie magic magical mama manager manchester manchesterunited mancity manutd march
marcus maria mariadb mariana marina marine marines mario mark marketing mars martin martina marvel maserati master
master123 masterkey matrix matthew maybe mazda meeting melbourne melissa member members mercedes mercury metal
metallica mets mexico michael michael1 michael123 michaeljackson michelle microsoft midnight milan million
millionaire minecraft mnbvcxz molly mommy monday money money123 moneyman mongodb monitor monkey monkey123 monkeyman
monkeys moon moonlight morning morpheus moscow motdepasse mother motorola mountaindew music musica mustang mykey
mypass mypassword myspace mysql mystery mystic nancy naruto navy neptune nestjs netflix network never neversaynever
newpassword newyork nginx nicholas nicole nighttime ninja nintendo nirvana nissan nobody nokia nopassword notebook
nothing november nurse ocean october odyssey office office365 oldpassword oliver olivia olympus onedirection
opensesame openup operator oracle orange orchid outlook p4ssw0rd p4ssword pa$$word pa55w0rd pa55word pablo pacific
packers panther panthers papa paradise paris parola pass pass123 passme passpass passphrase passw0rd passw0rd1
password password! password01 password12 password1234 passwort pasta patricia patrick patriots paul payroll peace
peanut peanutbutter pearl pedro penguin penguins pepper pepsi peter peugeot phoenix piano pianoman pikachu pilot
pink pinkfloyd pinky pisces pizza planet player playstation pluto poiuytrewq pokemon police pony porsche postgres
postgresql postmaster power powerful predator prince princess princess1 princess123 printer privacy private
production programmer project projects protected pumpkin puppies puppy purple python q123456 q1w2e3 q1w2e3r4
q1w2e3r4t5 qazwsx qazwsxedc qqqqqq qqqqqqqq queen qwaszx qwe123 qweasd qweasdzxc qweqwe qwer1234 qwert12345 qwerty
qwerty12 qwerty123456 qwertyu qwertyui qwertyuiop qwertz rabbit rachel racing raiders rails rainbow rangers
raspberry raven ravens realmadrid rebecca reception redhat redis redred redskins redsox remember renault ricardo
rich richard richrich robert roberto robin roblox rockandroll rocket rocknroll rockstar rocky rollingstones roma
rome root rootroot rose roses router ruby rugby runner running russia ruth sabrina sadie safety sagittarius sales
samantha sammy sample samson samsung samurai sandra sarah sasha sasuke satan saturday saturn school scorpio scotland
season secret secretary secure secured security senha september server service sesame shadow shadow123 sharepoint
shark sharks sharon siemens silver simon sister skate skateboard skater skeleton skull skyline skywalker sleep
slipknot smokey snoopy snowball snowboard soccer softball soldier somebody something sonic sophia sophie space
spaghetti spain spider spiderman spotify spring springtime ssssss staging star starbucks starcraft stargate
starlight stars startrek starwars steam steelers stephanie stephen steven strawberry strong stronger student
students subaru success summer summertime sunday sunflower sunshine sunshine123 super superboy supergirl superman
superman123 supersecret superuser supervisor support surfer surfing susan suzuki swimmer swimming sydney system taco
taurus teacher temp temporary temppass tennis tequila terminator test test123 tester testing testpass testtest texas
thepassword thomas thor thursday tiger tigers tigger titan toby today tokyo tomcat tomorrow tonight toor topsecret
tottenham toyota trinity trustme trustno1 trustnoone tuesday tulip tupac turkey turtle twitter tyler typeorm
typescript ubuntu unity universe university unix unlock user username vader valentina vampire vanessa vegeta venus
veronica victoria victory violet viper virginia virgo vodka volkswagen volleyball volvo wachtwoord warcraft warrior
warriors wasd wasdwasd webmaster wednesday welcome welcome01 welcome2 welcome2024 welcomeback werewolf whale
whatever whatever1 whatsapp whatthe whiskey white whynot william windows windowsxp winner winners winnie winston
winter wintertime witch wizard wolf wolfpack wolverine wolves wordpress worldofwarcraft wrestler wrestling wsxedc
wwwwww xbox xbox360 xxxxxx xxxxxxxx yahoo yamaha yankees yellow yesterday yoda yolanda yourpassword youtube zachary
zaq12wsx zaqwsx zebra zelda zeus zombie zxc123 zxcv zxcv1234 zxcvb zxcvbn zxcvbnm zxczxc zzzzzz zzzzzzzz
`
  .trim()
  .split(/\s+/);
