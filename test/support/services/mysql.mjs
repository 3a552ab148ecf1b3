import mysql from 'mysql2/promise';

/** The MySQL or MariaDB server named by BOWERBIRD_TEST_MYSQL_URL, or a local one that lets root in without a password. */
export async function findMysql() {
  const url = process.env.BOWERBIRD_TEST_MYSQL_URL || 'mysql://root@127.0.0.1:3306/mysql';
  try {
    const connection = await mysql.createConnection({ uri: url, connectTimeout: 2000 });
    const [rows] = await connection.query('select version() as version');
    await connection.end();
    const text = rows[0].version;
    const name = /mariadb/i.test(text) ? 'MariaDB' : 'MySQL';
    return { available: true, url, version: `${name} ${text.split('-')[0]}` };
  } catch (error) {
    return { available: false, reason: `no MySQL or MariaDB: ${error?.message || error?.code}` };
  }
}
