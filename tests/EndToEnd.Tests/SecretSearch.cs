using System.Text;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Looks for texts in bytes, in the forms in which they could have slipped there.</summary>
internal sealed class SecretSearch
{
    private readonly List<(string What, byte[] Form)> _forms = [];

    /// <summary>Looks for this text too: as UTF-8 and UTF-16, each plain, in base 64 and in hexadecimal.</summary>
    /// <param name="what">For the failure, which does not repeat the secret.</param>
    public SecretSearch For(string what, string secret)
    {
        foreach (var (name, encoding) in new (string, Encoding)[] { ("UTF-8", Encoding.UTF8), ("UTF-16LE", Encoding.Unicode), ("UTF-16BE", Encoding.BigEndianUnicode) })
        {
            Add($"{what} as {name}", encoding.GetBytes(secret));
        }

        return this;
    }

    /// <summary>Looks for these bytes too: plain, in base 64 and in hexadecimal.</summary>
    public SecretSearch For(string what, byte[] secret) => Add(what, secret);

    /// <returns>What was found; empty when nothing was.</returns>
    public IEnumerable<string> In(string where, ReadOnlySpan<byte> content)
    {
        var found = new List<string>();
        foreach (var (what, form) in _forms)
        {
            if (content.IndexOf(form) >= 0) found.Add($"{what} in {where}");
        }

        return found.Distinct(StringComparer.Ordinal);
    }

    public IEnumerable<string> In(string where, string content) => In(where, Encoding.UTF8.GetBytes(content));

    /// <summary>In every file below a folder.</summary>
    public async Task<IReadOnlyList<string>> InFilesAsync(string root)
    {
        var found = new List<string>();
        await foreach (var (file, content) in FilesBelow(root)) found.AddRange(In(file, content));
        return found;
    }

    // A server may run meanwhile and rename and remove files of its own; one that is gone when it is to be read holds nothing any more.
    private static async IAsyncEnumerable<(string File, byte[] Content)> FilesBelow(string root)
    {
        foreach (var file in Directory.GetFiles(root, "*", SearchOption.AllDirectories))
        {
            byte[] content;
            try
            {
                content = await File.ReadAllBytesAsync(file);
            }
            catch (FileNotFoundException)
            {
                continue;
            }

            yield return (file, content);
        }
    }

    // The three ways in which a text can lie in a longer one that is encoded, without the characters that its neighbours decide too.
    private static IEnumerable<string> InBase64(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            var first = ((before * 8) + 5) / 6;
            var complete = (before + bytes.Length) * 8 / 6;
            yield return text[first..complete];
        }
    }

    private SecretSearch Add(string what, byte[] bytes)
    {
        _forms.Add((what, bytes));
        AddText($"{what} in hexadecimal", Convert.ToHexStringLower(bytes));
        AddText($"{what} in hexadecimal", Convert.ToHexString(bytes));
        foreach (var base64 in InBase64(bytes))
        {
            AddText($"{what} in base 64", base64);
            AddText($"{what} in base 64", base64.Replace('+', '-').Replace('/', '_'));
        }

        return this;
    }

    // Texts are stored in either encoding.
    private void AddText(string what, string text)
    {
        _forms.Add((what, Encoding.ASCII.GetBytes(text)));
        _forms.Add((what, Encoding.Unicode.GetBytes(text)));
    }
}
