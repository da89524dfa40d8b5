namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>
/// An exclusive lock on a folder for as long as the silo lives. The kernel drops it when the process ends, however it ends, and the server does not
/// inherit it.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="PrivatePostgresException">Somebody else still holds the lock after <paramref name="patience"/>.</exception>
    public static async Task<FolderLock> TakeAsync(string lockFile, string what, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FolderLock(new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                if (time.GetElapsedTime(started) >= patience)
                {
                    throw new PrivatePostgresException(
                        $"Another silo uses {what}. Stop it first, or give this one another data folder.", e);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _file.Dispose();
}
