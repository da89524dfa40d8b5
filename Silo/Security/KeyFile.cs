using System.Runtime.InteropServices;

namespace OrleansPayments.Silo.Security;

/// <summary>A small secret that rests in a file of its own, readable by its owner only.</summary>
internal static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EEXIST, the same on every Unix.
    private const int FileExists = 17;

    private const UnixFileMode AnybodyElse =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the file, or makes it with <paramref name="create"/>'s text; of several processes that start together one makes it and all read the same.</summary>
    /// <returns>The text without surrounding white space, and whether this call made it.</returns>
    /// <exception cref="SecurityFileException">Others than the owner may read or write the file, or it is empty.</exception>
    public static (string Text, bool Created) ReadOrCreate(string path, Func<string> create)
    {
        var created = !File.Exists(path) && TryCreate(path, create());
        return (Read(path), created);
    }

    /// <returns>The text without surrounding white space.</returns>
    /// <exception cref="SecurityFileException">Others than the owner may read or write the file, or it is empty.</exception>
    public static string Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & AnybodyElse) != 0)
        {
            throw new SecurityFileException($"{path} holds a secret and others than its owner have access to it; run chmod 600 on it.");
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length > 0 ? text : throw new SecurityFileException($"{path} should hold a secret and is empty.");
    }

    /// <summary>Puts another text into the file, durably and in one step.</summary>
    public static void Replace(string path, string text)
    {
        var aside = AsideOf(path);
        try
        {
            WriteThrough(aside, text);
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        FlushFolder(path);
    }

    /// <summary>Removes what a crash left of <see cref="Replace"/> or <see cref="ReadOrCreate"/>. Nobody else may be at it.</summary>
    public static void RemoveLeftovers(string path)
    {
        var folder = FolderOf(path);
        if (!Directory.Exists(folder)) return;
        foreach (var aside in Directory.GetFiles(folder, Path.GetFileName(path) + ".*.tmp")) File.Delete(aside);
    }

    private static string AsideOf(string path) => $"{path}.{Path.GetRandomFileName()}.tmp";

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // Written aside and linked into place, so that a crash leaves a whole file or none.
    private static bool TryCreate(string path, string text)
    {
        Directory.CreateDirectory(FolderOf(path));
        var aside = AsideOf(path);
        try
        {
            WriteThrough(aside, text);
            if (!TryPublish(aside, path)) return false;
        }
        finally
        {
            File.Delete(aside);
        }

        FlushFolder(path);
        return true;
    }

    // False when another process was first; its file counts. Not File.Move: on Unix it looks whether there is a file and then renames over what may have come since.
    private static bool TryPublish(string aside, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(aside, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        if (Link(aside, path) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new SecurityFileException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    // A name is durable when its folder is: what is wrapped by a new key must not outlive the name of that key's file.
    private static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = FolderOf(path);
        var descriptor = Open(folder, flags: 0);
        var flushed = descriptor >= 0 && FSync(descriptor) == 0;
        var error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0) _ = Close(descriptor);
        if (!flushed) throw new SecurityFileException($"{folder} cannot be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    // link(2) fails when the new name exists, in one step.
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string made);

    private static void WriteThrough(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
        stream.Flush(flushToDisk: true);
    }
}
