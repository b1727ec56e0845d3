package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"nearend/internal/protocol"
	"nearend/manifests"
)

const installDescription = `Writes the file by which a browser finds this native messaging host (its native
messaging manifest). Without --browser it does so for every browser that it
finds. The file names this program where it is now: run it again after a move.
`

const uninstallDescription = `Removes the file by which a browser finds this native messaging host. Without
--browser it does so for every browser.
`

// installFlags are those of install and uninstall.
type installFlags struct {
	browser, profile string
	user, system     bool
}

// install is the command install.
func install(_ context.Context, streams streams, arguments []string) error {
	folders, err := chooseFolders("install", installDescription, streams, arguments, true)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot tell where this program is: %w", err)
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return err
	}
	manifest, err := manifests.NativeMessaging(program)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if err := writeManifest(folder.path, manifest); err != nil {
			return explainAccess(err)
		}
		fmt.Fprintf(streams.out, "%s: wrote %s\n", folder.browser, manifestPath(folder.path))
	}
	return nil
}

// uninstall is the command uninstall.
func uninstall(_ context.Context, streams streams, arguments []string) error {
	folders, err := chooseFolders("uninstall", uninstallDescription, streams, arguments, false)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		switch err := os.Remove(manifestPath(folder.path)); {
		case err == nil:
			fmt.Fprintf(streams.out, "%s: removed %s\n", folder.browser, manifestPath(folder.path))
		case !errors.Is(err, fs.ErrNotExist):
			return explainAccess(err)
		}
	}
	return nil
}

// chooseFolders parses the command line and says where manifests belong. With
// present only browsers that are there count, unless one is named.
func chooseFolders(name, description string, streams streams, arguments []string, present bool) ([]manifestFolder, error) {
	var chosen installFlags
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&chosen.browser, "browser", "", "`name` of one browser: "+strings.Join(browserNames(), ", "))
	flags.BoolVar(&chosen.user, "user", false, "for this user (the default)")
	flags.BoolVar(&chosen.system, "system", false, "for all users of this machine; needs root")
	flags.StringVar(&chosen.profile, "profile", "", "only for the browser run with this --user-data-dir `folder`")
	synopsis := name + " [--browser NAME] [--user | --system | --profile FOLDER]"
	if err := parse(flags, streams, synopsis, description, arguments); err != nil {
		return nil, err
	}
	if runtime.GOOS != "linux" {
		return nil, fmt.Errorf("%s knows the folders of Linux only; on this system write the manifest by hand", name)
	}
	if chosen.user && chosen.system || chosen.profile != "" && (chosen.user || chosen.system) {
		fmt.Fprintf(streams.err, "nativehost %s: only one of --user, --system and --profile can be given\n", name)
		return nil, errUsage
	}
	if chosen.profile != "" {
		return []manifestFolder{{"profile", filepath.Join(chosen.profile, "NativeMessagingHosts")}}, nil
	}
	named := chosen.browser != ""
	var folders []manifestFolder
	for _, b := range browsers {
		if named && b.name != chosen.browser || present && !named && !b.present(chosen.system) {
			continue
		}
		folder, err := b.folder(chosen.system)
		if err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	switch {
	case len(folders) > 0:
		return folders, nil
	case named:
		fmt.Fprintf(streams.err, "nativehost %s: there is no browser %q; known are %s\n", name, chosen.browser, strings.Join(browserNames(), ", "))
		return nil, errUsage
	default:
		return nil, fmt.Errorf("no browser was found; name one with --browser (%s)", strings.Join(browserNames(), ", "))
	}
}

func manifestPath(folder string) string {
	return filepath.Join(folder, protocol.NativeHostName+".json")
}

// writeManifest writes beside the file and renames, so that a browser never
// reads half of it. Browsers of all users must be able to read it.
func writeManifest(folder string, manifest []byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "."+protocol.NativeHostName+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(manifest); err != nil {
		file.Close()
		return err
	}
	if err := file.Chmod(0o644); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), manifestPath(folder))
}

// explainAccess says what to do when a folder belongs to somebody else.
func explainAccess(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; run it as root for --system, or use --user", err)
	}
	return err
}
