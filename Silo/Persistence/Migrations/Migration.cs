using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Persistence.Migrations;

/// <summary>One step of the schema: a plain SQL file <c>0001_name.sql</c>. Once released it is never changed; a later file corrects it.</summary>
/// <param name="Version">From the file's name; consecutive from 1.</param>
/// <param name="Checksum">SHA-256 of the text with line ends as LF, in hexadecimal.</param>
public sealed record Migration(int Version, string Name, string Sql, string Checksum)
{
    public static Migration Create(int version, string name, string sql)
    {
        var text = sql.ReplaceLineEndings("\n");
        return new Migration(version, name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>The migrations of this release, in order.</summary>
    public static IReadOnlyList<Migration> ReadEmbedded()
    {
        var assembly = typeof(Migration).Assembly;
        const string folder = ".Persistence.Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal) && name.Contains(folder, StringComparison.Ordinal))
            .Select(name => Read(assembly, name, name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^4]))
            .OrderBy(migration => migration.Version)];
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return Create(int.Parse(file.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), file[5..], reader.ReadToEnd());
    }
}
