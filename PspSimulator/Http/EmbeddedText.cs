namespace OrleansPayments.PspSimulator.Http;

/// <summary>Text files that are part of the program.</summary>
internal static class EmbeddedText
{
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("The program lacks a part of itself.", name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
